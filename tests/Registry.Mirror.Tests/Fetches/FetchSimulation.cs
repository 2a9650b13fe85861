using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Ingests;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>Plays a scenario from beginning to end, and looks whether all is as it should be.</summary>
internal sealed class FetchSimulation : IDisposable
{
    /// <summary>How long after the last fault everybody has been served, whatever waits were asked for: some rounds of retries, and megabytes at the slowest rate.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>What is cancelled may take so long to end.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(10);

    private static readonly byte[] Bytes = MakeBytes();

    private readonly Scenario _scenario;
    private readonly Random _random;
    private readonly string _root;
    private readonly ReadOnlyMemory<byte> _content;
    private readonly Digest _digest;
    private bool _hadWrongBytes;

    private FetchSimulation(Scenario scenario, bool keepsText)
    {
        _scenario = scenario;
        _random = new Random(scenario.Seed);
        _root = Path.Join(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fetch-{Guid.NewGuid():n}");
        _content = Bytes.AsMemory(_random.Next(4096), scenario.Length);
        _digest = Digest.Of(DigestAlgorithm.Sha256, _content.Span);
        Trace = new SimulationTrace(keepsText) { Directory = _root };
    }

    public SimulationTrace Trace { get; }

    /// <summary>Plays a scenario.</summary>
    public static SimulationTrace Play(Scenario scenario, bool keepsText)
    {
        using var simulation = new FetchSimulation(scenario, keepsText);
        simulation.Play();
        return simulation.Trace;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Play()
    {
        Directory.CreateDirectory(_root);
        var interruption = _scenario.KilledAt ?? _scenario.StoppedAt;
        if (interruption is { } at)
        {
            using (var process = new SimulatedProcess(_scenario, _root, _content, _digest, Trace, _random))
            {
                process.Start();
                process.Thread.RunUntil(() => process.IsOver, at);
                if (_scenario.StoppedAt is not null)
                {
                    Stop(process);
                }

                _hadWrongBytes = process.HasWrongBytes;
            }

            if (_scenario.KilledAt is not null)
            {
                Kill();
            }
        }

        using (var process = new SimulatedProcess(_scenario, _root, _content, _digest, Trace, _random) { HadWrongBytes = _hadWrongBytes })
        {
            process.Start();
            process.Thread.RunUntil(() => process.IsOver, _scenario.HealedAt + Patience);
            process.Thread.RunUntil(() => false, process.Thread.Now + Settling + TimeSpan.FromTicks(_scenario.Rivals.Sum(rival => rival.At.Ticks + rival.For.Ticks)));
            Judge(process);
        }
    }

    // Whoever is asked to stop ends soon, and leaves all that it has to the next life.
    private void Stop(SimulatedProcess process)
    {
        process.Thread.Post(process.Stop);
        var running = process.Fetches.Where(fetch => !fetch.HasEnded).ToArray();
        process.Thread.RunUntil(() => Array.TrueForAll(running, fetch => fetch.HasEnded), process.Thread.Now + TimeSpan.FromSeconds(1));
        foreach (var fetch in running)
        {
            if (!fetch.HasEnded)
            {
                Trace.Fault("a fetch goes on after the process was asked to stop");
            }
            else if (!fetch.IsVerified && fetch.Record.Held.Received > 0)
            {
                fetch.Record.Settle();
                var ingest = process.Store.Ingests.Begin(_digest);

                // What was under way at that moment may be lost: a chunk of each connection.
                var inFlight = (long)_scenario.Options.Connections * _scenario.Sources.Max(plan => plan.MaxChunk);
                if (ingest.Restored.Received < fetch.Record.Held.Received - inFlight)
                {
                    Trace.Fault($"{ingest.Restored.Received} of {fetch.Record.Held.Received} bytes are left to the next process");
                }

                ingest.Release();
            }
        }
    }

    private void Kill()
    {
        Trace.Add(_scenario.IsPowerCut ? "the power is cut" : "the process is killed");
        using var store = Store.Open(new StorageOptions { RootDirectory = _root }, null, TimeProvider.System);
        if (!Directory.Exists(store.Layout.Partial(_digest)))
        {
            return;
        }

        var ingest = store.Ingests.Begin(_digest);
        var promised = ingest.Restored;
        if (_scenario.IsPowerCut)
        {
            LoseWhatWasNotSynced(ingest);
        }

        var read = new byte[_scenario.Length];
        RandomAccess.Read(ingest.Handle, read, 0);
        foreach (var segment in promised.Segments)
        {
            var (first, length) = ((int)segment.First, (int)segment.Length);
            if (!_hadWrongBytes && !read.AsSpan(first, length).SequenceEqual(_content.Span.Slice(first, length)))
            {
                Trace.Fault($"{segment.First}-{segment.End} are promised and not there");
            }
        }

        ingest.Release();
    }

    // What the journal does not promise may be there, or be zeros, or not at all.
    private void LoseWhatWasNotSynced(Ingest ingest)
    {
        const int Page = 4096;
        var zeros = new byte[Page];
        var length = RandomAccess.GetLength(ingest.Handle);
        var position = 0L;
        while (position < length)
        {
            var free = ingest.Restored.EndOfRun(position);
            var end = Math.Min(Math.Min(free + Page, ingest.Restored.NextReceived(free)), length);
            if (free < end && _random.Next(2) == 0)
            {
                RandomAccess.Write(ingest.Handle, zeros.AsSpan(0, (int)(end - free)), free);
            }

            position = Math.Max(end, free);
        }

        var least = ingest.Restored.Segments is [.., var last] ? last.End : 0;
        if (_random.Next(2) == 0 && length > least)
        {
            RandomAccess.SetLength(ingest.Handle, _random.NextInt64(least, length + 1));
        }
    }

    private void Judge(SimulatedProcess process)
    {
        if (process.Thread.Disturbance is { } where)
        {
            Trace.Fault($"another thread took part, {where}");
        }

        foreach (var reader in process.Readers)
        {
            if (!reader.IsGone)
            {
                Trace.Fault($"{reader} waits for ever");
            }
        }

        foreach (var fetch in process.Fetches)
        {
            Judge(process, fetch);
        }

        JudgeRemains(process);
    }

    private void Judge(SimulatedProcess process, FollowedFetch fetch)
    {
        var record = fetch.Record;
        record.Settle();
        if (!fetch.HasEnded)
        {
            Trace.Fault($"a fetch never ends; it has {record.Held.Received} of {_scenario.Length} bytes");
            return;
        }

        if (!fetch.Ingest.Handle.IsClosed)
        {
            Trace.Fault("a file is left open");
        }

        if (fetch.IsVerified && record.Held.Received != _scenario.Length)
        {
            Trace.Fault($"a fetch succeeds with {record.Held.Received} of {_scenario.Length} bytes");
        }

        if (_scenario.Length > 0 && _scenario.Options.Finish && record.Held.Received == _scenario.Length && !fetch.IsVerified && !process.HasWrongBytes && !_scenario.Sources.Any(plan => plan.Faults.Contains(SourceFault.OtherTotal)))
        {
            Trace.Fault("a fetch has all bytes and fails");
        }

        if (fetch.BrokenReaders > 0 && _scenario.OnlyBodiesBreak && record.Held.Received > 0)
        {
            Trace.Fault($"{fetch.BrokenReaders} readers were cut off");
        }

        // Every request brings a least segment, save the last one, the rests of those that were split, and those for which readers made way.
        var most = 2 + (2 * _scenario.Length / _scenario.Options.MinSegment) + (3 * _scenario.Readers.Length);
        if (_scenario.HealedAt == default && _scenario.Sources.All(plan => plan is { IsHonest: true, HonoursRanges: 1 }) && record.Requests > most)
        {
            Trace.Fault($"{record.Requests} requests for {_scenario.Length} bytes");
        }

        var used = record.Held.Received - record.Restored;
        if (record.Delivered != used + record.Wasted + record.Skipped)
        {
            Trace.Fault($"{record.Delivered} bytes came; {used} were used, {record.Wasted} wasted, {record.Skipped} skipped");
        }

        var chunk = _scenario.Sources.Max(plan => plan.MaxChunk);
        if (record.Wasted > (long)record.Splits * chunk)
        {
            Trace.Fault($"{record.Wasted} bytes were wasted for {record.Splits} splits");
        }
    }

    private void JudgeRemains(SimulatedProcess process)
    {
        if (process.Time.Armed > 0)
        {
            Trace.Fault($"{process.Time.Armed} timers are left");
        }

        if (process.Load.Open > 0)
        {
            Trace.Fault($"{process.Load.Open} connections are left open");
        }

        for (var i = 0; i < Math.Min(_scenario.Options.PerUpstream, _scenario.Options.Total); i++)
        {
            if (!process.Budget.EnterAsync("upstream", CancellationToken.None).IsCompletedSuccessfully)
            {
                Trace.Fault($"{i} places are left of the budget");
                break;
            }
        }

        var blob = process.Store.Blobs.Open(_digest);
        if (process.Fetches.Any(fetch => fetch.IsVerified) && blob is null)
        {
            Trace.Fault("a fetch succeeds, and there is no blob");
        }

        if (blob is null)
        {
            return;
        }

        using (blob)
        {
            var bytes = process.Scratch.AsSpan(0, _scenario.Length);
            if (blob.Length != bytes.Length || RandomAccess.Read(blob.Handle, bytes, 0) != bytes.Length || !bytes.SequenceEqual(_content.Span))
            {
                Trace.Fault("the blob is wrong");
            }
        }

        if (Directory.Exists(process.Store.Layout.Partial(_digest)))
        {
            Trace.Fault("the partial directory is left");
        }
    }

    private static byte[] MakeBytes()
    {
        var bytes = new byte[(8 << 20) + 4096];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
