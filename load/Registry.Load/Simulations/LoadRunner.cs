using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Registry.Load.Clients;
using Registry.Load.Measures;

namespace Registry.Load.Simulations;

/// <summary>Puts load on one server. Not to be used by two at once.</summary>
/// <param name="connect">Makes a connection, not open yet.</param>
/// <param name="seed">Chooses among weighted steps, the same each time.</param>
internal sealed class LoadRunner(Func<HttpConnection> connect, int seed = 1)
{
    /// <summary>More are refused in the open model: what has not been answered by then counts as failed.</summary>
    private const int MaxConnections = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs one step by one simulation.</summary>
    public Task<LoadResult> RunAsync(Step step, LoadSimulation simulation, CancellationToken cancellation) => RunAsync([step], [simulation], cancellation);

    /// <summary>Runs steps, chosen by weight, by simulations one after the other.</summary>
    public async Task<LoadResult> RunAsync(IReadOnlyList<Step> steps, IReadOnlyList<LoadSimulation> simulations, CancellationToken cancellation)
    {
        var run = new Run(steps, seed);
        var cpu = ProcessUsage.OfThisProcess;
        if (simulations is [KeepConstant constant])
        {
            await KeepAsync(run, constant, cancellation);
            foreach (var step in run.Stats)
            {
                step.Latencies.CorrectForCoordinatedOmission();
            }
        }
        else
        {
            await InjectAsync(run, simulations, cancellation);
        }

        return new LoadResult(run.Stats, Stopwatch.GetElapsedTime(run.Received.Started), run.Received, ProcessUsage.OfThisProcess - cpu);
    }

    private async Task KeepAsync(Run run, KeepConstant constant, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(constant.During);
        await Task.WhenAll(Enumerable.Range(0, constant.Copies).Select(copy => Task.Run(
            async () =>
            {
                using var connection = connect();
                while (!end.IsCancellationRequested)
                {
                    await run.OnceAsync(copy, connection, Stopwatch.GetTimestamp(), end.Token);
                }
            },
            cancellation)));
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task InjectAsync(Run run, IReadOnlyList<LoadSimulation> simulations, CancellationToken cancellation)
    {
        var idle = new ConcurrentBag<HttpConnection>();
        var running = new ConcurrentDictionary<int, Task>();
        var open = 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.Factory.StartNew(
            () =>
            {
                var number = 0;
                foreach (var arrival in ArrivalSchedule.Of(simulations))
                {
                    cancellation.ThrowIfCancellationRequested();
                    ArrivalClock.WaitUntil(run.Received.Started, arrival);
                    var current = number++;
                    var intended = run.Received.Started + (long)(arrival.TotalSeconds * Stopwatch.Frequency);
                    running[current] = Task.Run(() => ArriveAsync(current, intended), CancellationToken.None);
                }
            },
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        patience.CancelAfter(Patience);
        await Task.WhenAll(running.Values);
        foreach (var connection in idle)
        {
            connection.Dispose();
        }

        cancellation.ThrowIfCancellationRequested();

        async Task ArriveAsync(int number, long intended)
        {
            if (!idle.TryTake(out var connection))
            {
                if (Interlocked.Increment(ref open) > MaxConnections)
                {
                    run.Refuse();
                    return;
                }

                connection = connect();
            }

            await run.OnceAsync(number, connection, intended, patience.Token);
            idle.Add(connection);
            running.TryRemove(number, out _);
        }
    }

    private sealed class Run(IReadOnlyList<Step> steps, int seed)
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(seed);
        private readonly int _weights = steps.Sum(static step => step.Weight);

        public StepStats[] Stats { get; } = [.. steps.Select(static step => new StepStats(step.Name))];

        public Throughput Received { get; } = new(Stopwatch.GetTimestamp());

        public void Refuse() => Stats[Choose()].Add(Response.Fail($"more than {MaxConnections} unanswered"), default);

        /// <summary>Runs a step once. What is cut off by the end of the run counts as nothing, and its connection is closed.</summary>
        public async Task OnceAsync(int number, HttpConnection connection, long intended, CancellationToken end)
        {
            var step = Choose();
            try
            {
                var response = await steps[step].RunAsync(new StepContext(number, connection, Received), end);
                Stats[step].Add(response, Stopwatch.GetElapsedTime(intended));
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                connection.Close();
            }
            catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or HttpRequestException)
            {
                connection.Close();
                Stats[step].Add(Response.Fail(exception.Message), default);
            }
        }

        private int Choose()
        {
            if (steps.Count == 1)
            {
                return 0;
            }

            int left;
            lock (_lock)
            {
                left = _random.Next(_weights);
            }

            var step = 0;
            while (left >= steps[step].Weight)
            {
                left -= steps[step++].Weight;
            }

            return step;
        }
    }
}
