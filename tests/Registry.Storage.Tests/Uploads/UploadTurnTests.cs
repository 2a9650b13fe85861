using Microsoft.Extensions.Time.Testing;
using Registry.Storage.Uploads;

namespace Registry.Storage.Tests.Uploads;

public sealed class UploadTurnTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly UploadTurn _turn;

    public UploadTurnTests() => _turn = new UploadTurn(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _turn.Dispose();

    [Fact]
    public async Task Take_UserThatGetsOn_IsLeftAlone()
    {
        Assert.True(_turn.TryTake());
        var next = _turn.TakeAsync(Token);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(UploadTurn.StallTime - TimeSpan.FromTicks(1));
            _turn.Progress();
        }

        Assert.False(_turn.Interrupted.IsCancellationRequested);
        _turn.End();
        await next;
        Assert.False(_turn.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public async Task Take_UserThatStalls_IsMadeToLeaveAndItsSuccessorIsNot()
    {
        Assert.True(_turn.TryTake());
        Task[] next = [_turn.TakeAsync(Token), _turn.TakeAsync(Token)];
        var interrupted = LeftAsync(_turn.Interrupted);

        _time.Advance(UploadTurn.StallTime);
        await interrupted;
        Assert.DoesNotContain(next, static task => task.IsCompleted);
        _turn.End();

        await Task.WhenAny(next);
        Assert.False(_turn.Interrupted.IsCancellationRequested);
        Assert.Equal(1, next.Count(static task => task.IsCompleted));
        _turn.End();
        await Task.WhenAll(next);
    }

    [Fact]
    public async Task Take_ByWhoGoesAway_LeavesTheTurnToTheOthers()
    {
        using var gone = new CancellationTokenSource();
        Assert.True(_turn.TryTake());
        var next = _turn.TakeAsync(gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);

        _turn.End();

        Assert.True(_turn.TryTake());
    }

    [Fact]
    public async Task Settle_UserThatStays_IsWaitedForNoLongerThanTheBound()
    {
        Assert.True(_turn.TryTake());
        var asked = _turn.TrySettleAsync(Token);
        _turn.Progress();
        Assert.False(asked.IsCompleted);

        _time.Advance(UploadTurn.SettleTime);

        Assert.False(await asked);
        Assert.False(await _turn.TrySettleAsync(Token));
        Assert.False(_turn.Interrupted.IsCancellationRequested);
    }

    [Fact]
    public async Task TakeLast_WhoeverIsBefore_IsMadeToLeave()
    {
        Assert.True(_turn.TryTake());
        var before = _turn.TakeAsync(Token);
        var interrupted = LeftAsync(_turn.Interrupted);

        var last = _turn.TakeLastAsync();

        await interrupted;
        _turn.End();
        await before;
        Assert.True(_turn.Interrupted.IsCancellationRequested);
        _turn.End();
        await last;
    }

    private static Task LeftAsync(CancellationToken interrupted)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        interrupted.UnsafeRegister(static source => ((TaskCompletionSource)source!).SetResult(), left);
        return left.Task.WaitAsync(Token);
    }
}
