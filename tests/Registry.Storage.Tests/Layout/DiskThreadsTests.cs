using Registry.Storage.Layout;

namespace Registry.Storage.Tests.Layout;

public sealed class DiskThreadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_MoreThanTheBound_RunAtOnceAreAsManyAsTheBoundAndTheRestAfter()
    {
        var threads = new DiskThreads();
        using var full = new CountdownEvent(DiskThreads.MaxThreads);
        using var release = new ManualResetEventSlim();
        var running = 0;
        var most = 0;
        var work = Enumerable.Range(0, 3 * DiskThreads.MaxThreads).Select(i => threads.RunAsync(() =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            if (!full.IsSet)
            {
                full.Signal();
            }

            release.Wait(Token);
            Interlocked.Decrement(ref running);
            return i;
        })).ToArray();
        full.Wait(Token);

        release.Set();

        Assert.Equal(Enumerable.Range(0, work.Length), await Task.WhenAll(work).WaitAsync(Token));
        Assert.Equal(DiskThreads.MaxThreads, most);
    }

    [Fact]
    public async Task Run_WorkThatFails_TellsWhoAskedAndGoesOn()
    {
        var threads = new DiskThreads();
        await Assert.ThrowsAsync<IOException>(() => threads.RunAsync(static () => throw new IOException("refused")));
        Assert.Equal(1, await threads.RunAsync(static () => 1));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
