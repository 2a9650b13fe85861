namespace Registry.Storage.Uploads;

/// <summary>
/// Whose turn it is in a session: one user's at a time. A client that was lost silently holds its turn until the server gives its connection up, minutes later; so its turn
/// can be ended before, by those who come after it. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class UploadTurn(TimeProvider time) : IDisposable
{
    /// <summary>How long who only asks waits for a user who has just made progress: what a client that comes back had still on its way is in the answer then.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    /// <summary>How long a user may make no progress before the next one who wants to write takes over.</summary>
    public static readonly TimeSpan StallTime = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _entrance = new(1, 1);
    private readonly Lock _gate = new();

    // The user's, while there is one.
    private CancellationTokenSource? _interruption;
    private long _lastProgress;
    private bool _isEnding;

    /// <summary>Told when the user is to leave. To be asked for by the user.</summary>
    public CancellationToken Interrupted
    {
        get
        {
            lock (_gate)
            {
                return _interruption!.Token;
            }
        }
    }

    /// <summary>Records that the user has got on.</summary>
    public void Progress() => Interlocked.Exchange(ref _lastProgress, time.GetTimestamp());

    /// <summary>Takes the turn unless somebody has it.</summary>
    public bool TryTake()
    {
        if (!_entrance.Wait(0, CancellationToken.None))
        {
            return false;
        }

        Begin();
        return true;
    }

    /// <summary>Takes the turn once it is free; its user is made to leave when it has made no progress for <see cref="StallTime"/>.</summary>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        var wait = LeftOf(StallTime);
        while (!await TryTakeAsync(wait, cancellation))
        {
            wait = TryInterruptStalled() ? StallTime : LeftOf(StallTime);
        }
    }

    /// <summary>Takes the turn, unless its user keeps it: then false, as soon as that one has made no progress for <see cref="SettleTime"/>, and after that time at the latest.</summary>
    public Task<bool> TrySettleAsync(CancellationToken cancellation) => TryTakeAsync(LeftOf(SettleTime), cancellation);

    /// <summary>Takes the turn for the last time: makes its user leave, and all who come before the caller.</summary>
    public async Task TakeLastAsync()
    {
        lock (_gate)
        {
            _isEnding = true;
            _ = _interruption?.CancelAsync();
        }

        await _entrance.WaitAsync(CancellationToken.None);
        Begin();
    }

    /// <summary>Lets the next one have it.</summary>
    public void End()
    {
        lock (_gate)
        {
            _interruption?.Dispose();
            _interruption = null;
        }

        _entrance.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entrance.Dispose();
        _interruption?.Dispose();
    }

    private async Task<bool> TryTakeAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (TryTake())
        {
            return true;
        }

        using var limit = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _entrance.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }

        Begin();
        return true;
    }

    private bool TryInterruptStalled()
    {
        lock (_gate)
        {
            if (LeftOf(StallTime) > TimeSpan.Zero)
            {
                return false;
            }

            _ = _interruption?.CancelAsync();
            return true;
        }
    }

    // How much of that time is left since the last progress.
    private TimeSpan LeftOf(TimeSpan patience)
    {
        var left = patience - time.GetElapsedTime(Interlocked.Read(ref _lastProgress));
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Begin()
    {
        Progress();
        lock (_gate)
        {
            _interruption = new CancellationTokenSource();
            if (_isEnding)
            {
                _interruption.Cancel();
            }
        }
    }
}
