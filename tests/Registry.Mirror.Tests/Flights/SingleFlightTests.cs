using Registry.Mirror.Flights;

namespace Registry.Mirror.Tests.Flights;

public sealed class SingleFlightTests
{
    private readonly TaskCompletionSource<int> _work = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    [Fact]
    public async Task JoinAsync_ManyAtOnce_AllHearTheOneOutcome()
    {
        var flights = new SingleFlight<string, int>(CancellationToken.None);
        var waiters = Enumerable.Range(0, 50).Select(_ => JoinAsync(flights, "key")).ToArray();
        _work.SetResult(7);
        Assert.All(await Task.WhenAll(waiters), outcome => Assert.Equal(7, outcome));
        Assert.Equal(1, _started);
    }

    [Fact]
    public async Task JoinAsync_WorkFails_AllHearTheFailureAndTheNextStartsAnew()
    {
        var flights = new SingleFlight<string, int>(CancellationToken.None);
        var waiters = Enumerable.Range(0, 5).Select(_ => JoinAsync(flights, "key")).ToArray();
        _work.SetException(new InvalidDataException("broken"));
        foreach (var waiter in waiters)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => waiter);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => JoinAsync(flights, "key"));
        Assert.Equal(2, _started);
    }

    [Fact]
    public async Task JoinAsync_WaiterLeaves_TheOthersStillHear()
    {
        var flights = new SingleFlight<string, int>(CancellationToken.None);
        using var leaving = new CancellationTokenSource();
        var leaver = JoinAsync(flights, "key").WaitAsync(leaving.Token);
        var stayer = JoinAsync(flights, "key");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        _work.SetResult(7);
        Assert.Equal(7, await stayer);
        Assert.Equal(1, _started);
    }

    [Fact]
    public async Task JoinAsync_DifferentKeys_FlyApart()
    {
        var flights = new SingleFlight<string, int>(CancellationToken.None);
        var one = JoinAsync(flights, "one");
        var other = JoinAsync(flights, "other");
        _work.SetResult(7);
        await Task.WhenAll(one, other);
        Assert.Equal(2, _started);
    }

    [Fact]
    public async Task JoinAsync_LifetimeEnds_TheWorkIsTold()
    {
        using var lifetime = new CancellationTokenSource();
        var flights = new SingleFlight<string, int>(lifetime.Token);
        var waiter = JoinAsync(flights, "key");
        await lifetime.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
    }

    private Task<int> JoinAsync(SingleFlight<string, int> flights, string key) => flights.JoinAsync(key, this, static (_, test, cancellation) =>
    {
        Interlocked.Increment(ref test._started);
        return test._work.Task.WaitAsync(cancellation);
    });
}
