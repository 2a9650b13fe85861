using Microsoft.Extensions.Time.Testing;
using Registry.Mirror.Credentials;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Credentials;

public sealed class TokenCacheTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_WhileAFetchRuns_JoinsIt()
    {
        var gate = new TaskCompletionSource();
        var fetches = 0;
        var cache = new TokenCache(
            async (_, cancellation) =>
            {
                Interlocked.Increment(ref fetches);
                await gate.Task.WaitAsync(cancellation);
                return NewToken();
            },
            _time);

        var waiters = Enumerable.Range(0, 30).Select(_ => cache.GetAsync(Key("a"), Cancellation)).ToArray();
        gate.SetResult();
        var results = await Task.WhenAll(waiters);

        Assert.Equal(1, fetches);
        Assert.Single(results.Select(result => result.Token).Distinct());
    }

    [Fact]
    public async Task GetAsync_OneWaiterLeaves_OthersGetTheToken()
    {
        var gate = new TaskCompletionSource();
        var cache = new TokenCache(
            async (_, cancellation) =>
            {
                await gate.Task.WaitAsync(cancellation);
                return NewToken();
            },
            _time);
        using var impatience = new CancellationTokenSource();
        var leaving = cache.GetAsync(Key("a"), impatience.Token);
        var staying = cache.GetAsync(Key("a"), Cancellation);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        gate.SetResult();

        Assert.NotNull((await staying).Token);
    }

    [Fact]
    public async Task GetAsync_LastWaiterLeaves_CancelsTheFetchAndTheNextStartsAnew()
    {
        var cancelled = new TaskCompletionSource();
        var fetches = 0;
        var cache = new TokenCache(
            async (_, cancellation) =>
            {
                if (Interlocked.Increment(ref fetches) == 1)
                {
                    await using var registration = cancellation.Register(cancelled.SetResult);
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
                }

                return NewToken();
            },
            _time);
        using var impatience = new CancellationTokenSource();
        var leaving = cache.GetAsync(Key("a"), impatience.Token);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await cancelled.Task.WaitAsync(Cancellation);

        Assert.NotNull((await cache.GetAsync(Key("a"), Cancellation)).Token);
    }

    [Fact]
    public async Task GetAsync_FetchFails_TellsTheWaitersAndKeepsNothing()
    {
        var failure = new UpstreamFailure(UpstreamFailureKind.Unavailable, "docker.io", "down");
        var fetches = 0;
        var cache = new TokenCache((_, _) => Task.FromResult(fetches++ == 0 ? new TokenResult(null, failure) : NewToken()), _time);

        Assert.Same(failure, (await cache.GetAsync(Key("a"), Cancellation)).Failure);
        Assert.NotNull((await cache.GetAsync(Key("a"), Cancellation)).Token);
    }

    [Fact]
    public async Task GetAsync_AfterItsTime_FetchesAnother()
    {
        var fetches = 0;
        var cache = new TokenCache((_, _) => Task.FromResult(fetches++ >= 0 ? NewToken() : default), _time);

        await cache.GetAsync(Key("a"), Cancellation);
        _time.Advance(TimeSpan.FromSeconds(59));
        await cache.GetAsync(Key("a"), Cancellation);
        Assert.Equal(1, fetches);

        _time.Advance(TimeSpan.FromSeconds(1));
        await cache.GetAsync(Key("a"), Cancellation);
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task Drop_TokenThatWasReplacedAlready_LeavesTheNewOne()
    {
        var cache = new TokenCache((_, _) => Task.FromResult(NewToken()), _time);
        var old = (await cache.GetAsync(Key("a"), Cancellation)).Token!;
        cache.Drop(Key("a"), old);
        var current = (await cache.GetAsync(Key("a"), Cancellation)).Token!;

        cache.Drop(Key("a"), old);

        Assert.NotSame(old, current);
        Assert.Same(current, (await cache.GetAsync(Key("a"), Cancellation)).Token);
    }

    [Fact]
    public async Task GetAsync_MoreScopesThanTheBound_ForgetsTheLeastRecentlyUsed()
    {
        var fetched = new HashSet<TokenKey>();
        var again = new List<TokenKey>();
        var cache = new TokenCache(
            (key, _) =>
            {
                if (!fetched.Add(key))
                {
                    again.Add(key);
                }

                return Task.FromResult(NewToken());
            },
            _time);
        for (var i = 0; i < TokenCache.MostTokens; i++)
        {
            await cache.GetAsync(Key($"{i}"), Cancellation);
        }

        await cache.GetAsync(Key("0"), Cancellation);
        await cache.GetAsync(Key("one more"), Cancellation);
        await cache.GetAsync(Key("0"), Cancellation);
        Assert.Empty(again);

        await cache.GetAsync(Key("1"), Cancellation);
        Assert.Equal([Key("1")], again);
    }

    private static TokenKey Key(string scope) => new(new Uri("https://auth.example.com/token"), "service", scope);

    private TokenResult NewToken() => new(new BearerToken("t", _time.GetUtcNow() + TimeSpan.FromMinutes(1)), null);
}
