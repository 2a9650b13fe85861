using System.Collections.Concurrent;

namespace Registry.Server.Authentication;

/// <summary>
/// Threads of their own for bcrypt, which takes tens of milliseconds: the pool's threads, which serve all else, never do it. Thread-safe.
/// </summary>
internal sealed class PasswordWorkers : IDisposable
{
    /// <summary>Most checks that wait: at cost 10, some three seconds of one thread.</summary>
    public const int MaxWaiting = 64;

    /// <summary>Most threads; never more than half of the processors, but one.</summary>
    private const int MaxThreads = 4;

    private readonly BlockingCollection<Check> _waiting = new(MaxWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads = new Thread[Math.Clamp(Environment.ProcessorCount / 2, 1, MaxThreads)];

    /// <summary>Starts the threads.</summary>
    public PasswordWorkers()
    {
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = "password check" };
            _threads[i].Start();
        }
    }

    /// <summary>Checks a password.</summary>
    /// <param name="password">The password.</param>
    /// <param name="hash">The hash that it is held against.</param>
    /// <param name="outcome">Whether it is right.</param>
    /// <returns>False: too many wait, and it is not checked.</returns>
    public bool TryCheck(string password, BcryptHash hash, out Task<bool> outcome)
    {
        var check = new Check(password, hash);
        outcome = check.Outcome.Task;
        return _waiting.TryAdd(check);
    }

    /// <summary>Ends the threads, each after the check that it is at.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _waiting.Dispose();
        _stop.Dispose();
    }

    private void Work()
    {
        while (TryTake() is { } check)
        {
            try
            {
                check.Outcome.SetResult(check.Hash.Matches(check.Password));
            }
            catch (Exception e)
            {
                check.Outcome.SetException(e);
            }
        }
    }

    private Check? TryTake()
    {
        try
        {
            return _waiting.Take(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private sealed class Check(string password, BcryptHash hash)
    {
        public string Password { get; } = password;

        public BcryptHash Hash { get; } = hash;

        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
