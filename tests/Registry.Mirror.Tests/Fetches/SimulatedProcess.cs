using Registry.Mirror.Fetches;
using Registry.Storage;
using Registry.Storage.Content;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>One life of the mirror: from its start until everybody is served, or it is killed.</summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly FetchContext _context;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly SimulatedEndpoint[] _endpoints;
    private readonly List<FollowedFetch> _fetches = [];
    private readonly NetworkLoad _load;
    private FollowedFetch? _current;

    public SimulatedProcess(Scenario scenario, string root, ReadOnlyMemory<byte> content, Digest digest, SimulationTrace trace, Random random)
    {
        Scenario = scenario;
        Content = content;
        Digest = digest;
        Trace = trace;
        Thread = new VirtualThread(scenario.Shuffles ? random : null);
        Time = new VirtualTime(Thread);
        Scratch = new byte[Math.Max(content.Length, 256 << 10)];
        trace.Clock = () => Thread.Now;
        Store = Store.Open(new StorageOptions { RootDirectory = root }, null, Time);
        Budget = new ConnectionBudget(scenario.Options);
        _load = new NetworkLoad(scenario.Options, trace);
        _context = new FetchContext(scenario.Options, Budget, Time, random, trace, _lifetime.Token);
        _endpoints = [.. scenario.Sources.Select(plan => new SimulatedEndpoint(plan, content.Length, Thread, random))];
        Readers = [.. scenario.Readers.Select((plan, index) => new SimulatedReader($"reader {index}", plan, this))];
    }

    public Scenario Scenario { get; }

    public ReadOnlyMemory<byte> Content { get; }

    public Digest Digest { get; }

    public SimulationTrace Trace { get; }

    public VirtualThread Thread { get; }

    public VirtualTime Time { get; }

    public Store Store { get; }

    public ConnectionBudget Budget { get; }

    public NetworkLoad Load => _load;

    /// <summary>Room for who compares bytes.</summary>
    public byte[] Scratch { get; }

    public SimulatedReader[] Readers { get; }

    public IReadOnlyList<FollowedFetch> Fetches => _fetches;

    /// <summary>Whether a source has sent a wrong byte in this life or an earlier one.</summary>
    public bool HasWrongBytes => HadWrongBytes || _fetches.Exists(fetch => fetch.Record.HasWrongBytes);

    public bool HadWrongBytes { get; init; }

    public bool IsOver => Array.TrueForAll(Readers, reader => reader.IsGone) && _current is null;

    /// <summary>Lets the readers come.</summary>
    public void Start()
    {
        foreach (var reader in Readers)
        {
            Thread.Post(() => _ = reader.RunAsync());
        }

        foreach (var (at, length) in Scenario.Rivals)
        {
            Thread.Post(() => _ = OccupyAsync(at, length));
        }
    }

    // Another fetch, of which only its place in the budget matters.
    private async Task OccupyAsync(TimeSpan at, TimeSpan length)
    {
        await Thread.DelayAsync(at, CancellationToken.None);
        await Budget.EnterAsync("upstream", CancellationToken.None);
        _load.Enter();
        await Thread.DelayAsync(length, CancellationToken.None);
        _load.Leave();
        Budget.Leave("upstream");
    }

    /// <summary>Asks the process to stop.</summary>
    public void Stop()
    {
        Trace.Add("the process is asked to stop");
        _lifetime.Cancel();
    }

    /// <summary>The fetch that is under way, or a new one, as <see cref="FetchTable"/> has it.</summary>
    public FollowedFetch FindOrStart() => _current ?? Start([.. _endpoints.Select(endpoint => new SimulatedSource(endpoint))], []);

    /// <summary>Ends all at once, as the kernel would: what is open is closed, and nothing else is done.</summary>
    public void Dispose()
    {
        foreach (var fetch in _fetches)
        {
            fetch.Ingest.Handle.Dispose();
        }

        foreach (var reader in Readers)
        {
            reader.Dispose();
        }

        Store.Dispose();
        _lifetime.Dispose();
    }

    private FollowedFetch Start(IEnumerable<IBlobSource> from, IReadOnlyList<IBlobSource> reserve)
    {
        var ingest = Store.Ingests.Begin(Digest);
        var record = new FetchRecord(Scenario, Content, Trace, _load, ingest.Restored);
        var sources = from.Select(source => ((SimulatedSource)source).For(record)).ToArray();
        Trace.Add($"a fetch begins with {record.Restored} bytes, from {string.Join(' ', sources.Select(source => source.Host))}");
        FollowedFetch? followed = null;
        followed = new FollowedFetch(this, ingest, record)
        {
            Fetch = new Fetch("upstream", ingest, sources, _context)
            {
                Reserve = reserve,
                OnVerified = (_, _) => followed!.IsVerified = true,
                OnEnded = ended => End(followed!, ended),
            },
        };
        _fetches.Add(followed);
        _current = followed;
        followed.Fetch.Start();
        return followed;
    }

    private void End(FollowedFetch followed, Fetch fetch)
    {
        Trace.Add("a fetch ends");
        if (followed.HasEnded)
        {
            Trace.Fault("a fetch ends twice");
        }

        followed.HasEnded = true;
        _current = null;
        if (fetch.Alternatives.Count > 0 && !_lifetime.IsCancellationRequested)
        {
            Start(fetch.Alternatives.Take(1), [.. fetch.Alternatives.Skip(1)]);
        }
    }
}
