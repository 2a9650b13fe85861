using System.Collections.Concurrent;
using Registry.Storage.Layout;

namespace Registry.Storage.Tests.Layout;

public sealed class SyncGateTests
{
    private const int Many = 8;

    [Fact]
    public void Sync_ManyWhileOneRuns_ShareTheNextAndNoneTheOneThatRuns()
    {
        using var running = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var syncs = 0;
        var gate = new SyncGate(_ =>
        {
            Interlocked.Increment(ref syncs);
            running.Set();
            release.Wait(TestContext.Current.CancellationToken);
        });
        var first = Start(() => gate.Sync("directory"));
        running.Wait(TestContext.Current.CancellationToken);
        var seen = new ConcurrentBag<int>();
        var others = Enumerable.Range(0, Many).Select(_ => Start(() =>
        {
            gate.Sync("directory");
            seen.Add(Volatile.Read(ref syncs));
        })).ToArray();
        WaitUntilBlocked(others);

        release.Set();

        first.Join();
        Array.ForEach(others, static thread => thread.Join());
        Assert.Equal(Many, seen.Count);
        Assert.All(seen, static count => Assert.Equal(2, count));
    }

    [Fact]
    public void Sync_Fails_AllWhoSharedItAreToldAndTheNextIsTriedAnew()
    {
        using var running = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var syncs = 0;
        var gate = new SyncGate(_ =>
        {
            var number = Interlocked.Increment(ref syncs);
            running.Set();
            release.Wait(TestContext.Current.CancellationToken);
            if (number == 2)
            {
                throw new IOException("refused", 28);
            }
        });
        var first = Start(() => gate.Sync("directory"));
        running.Wait(TestContext.Current.CancellationToken);
        var failures = new ConcurrentBag<Exception?>();
        var others = Enumerable.Range(0, Many).Select(_ => Start(() => failures.Add(Record.Exception(() => gate.Sync("directory"))))).ToArray();
        WaitUntilBlocked(others);

        release.Set();

        first.Join();
        Array.ForEach(others, static thread => thread.Join());
        Assert.Equal(Many, failures.Count);
        Assert.All(failures, static failure => Assert.True(failure is IOException refusal && DiskFull.Is(refusal)));
        gate.Sync("directory");
        Assert.Equal(3, syncs);
    }

    [Fact]
    public void Sync_OtherDirectory_DoesNotWait()
    {
        using var running = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var gate = new SyncGate(path =>
        {
            if (path == "slow")
            {
                running.Set();
                release.Wait(TestContext.Current.CancellationToken);
            }
        });
        var slow = Start(() => gate.Sync("slow"));
        running.Wait(TestContext.Current.CancellationToken);

        gate.Sync("other");

        release.Set();
        slow.Join();
    }

    private static Thread Start(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        return thread;
    }

    private static void WaitUntilBlocked(Thread[] threads) =>
        Assert.True(SpinWait.SpinUntil(() => threads.All(static thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)), TimeSpan.FromSeconds(30)));
}
