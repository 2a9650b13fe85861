using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using Registry.Mirror.Fetches;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>A client that follows fetches until it has what it wants, asks again when a transfer breaks, or hangs up.</summary>
internal sealed class SimulatedReader(string name, ReaderPlan plan, SimulatedProcess process) : IDisposable
{
    /// <summary>Times that a client asks again where no source is honest.</summary>
    private const int MaxAttempts = 4;

    private readonly CancellationTokenSource _leaving = new();
    private readonly Scenario _scenario = process.Scenario;
    private readonly SimulationTrace _trace = process.Trace;
    private long _first;
    private long? _end;
    private bool _isClosed;
    private long _position;
    private bool _sawWrongBytes;
    private int _attempts;

    /// <summary>Whether it has got everything.</summary>
    public bool HasAll { get; private set; }

    /// <summary>Whether it has gone, satisfied or not.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether it hung up, or saw that it is hopeless.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Where it stands, for who looks for those that wait for ever.</summary>
    public override string ToString() => $"{name} ({plan.First}-{plan.End} at {_position})";

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever it is, it is a fault of what is tested.")]
    public async Task RunAsync()
    {
        try
        {
            await process.Thread.DelayAsync(plan.ArrivesAt, CancellationToken.None);
            if (plan.LeavesAfter is { } stay)
            {
                process.Thread.At(process.Thread.Now + stay, _leaving.Cancel);
            }

            while (!HasAll && !HasLeft)
            {
                await AskAsync();
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            HasLeft = true;
        }
        catch (Exception e)
        {
            _trace.Fault($"{this} met {e}");
        }

        _trace.Add($"{this} has {(HasAll ? "everything" : "left")}");
        IsGone = true;
    }

    public void Dispose() => _leaving.Dispose();

    private async Task AskAsync()
    {
        _trace.Add($"{this} asks");
        if (process.Store.Blobs.Open(process.Digest) is { } blob)
        {
            using (blob)
            {
                Aim(blob.Length);
                await TakeAsync(blob.Handle, blob.Length - _position, null);
            }

            if (!HasAll)
            {
                _trace.Fault($"{this} does not get all of a complete blob");
                HasLeft = true;
            }

            return;
        }

        var record = process.FindOrStart();
        using (var reader = record.Fetch.TryFollow())
        {
            if (reader is not null && await FollowAsync(reader, record))
            {
                return;
            }
        }

        await UnlessLeavingAsync(EndedAsync(record.Fetch));
        if (!_scenario.HasHonestSource && ++_attempts == MaxAttempts)
        {
            HasLeft = true;
            return;
        }

        if (_sawWrongBytes)
        {
            // As a client that resumes, and then finds the digest wrong, would at last.
            (_position, _sawWrongBytes) = (_first, false);
        }

        await process.Thread.DelayAsync(TimeSpan.FromSeconds(1), _leaving.Token);
    }

    // False when the blob did not come.
    private async Task<bool> FollowAsync(FetchReader reader, FollowedFetch followed)
    {
        try
        {
            var opened = await UnlessLeavingAsync(followed.Fetch.Opened);
            if (opened is not null)
            {
                _trace.Add($"{this} is refused: {opened.Message}");
                return false;
            }

            Aim(followed.Fetch.Length);
            while (!HasAll)
            {
                var available = await reader.WaitAsync(_position, _isClosed, _leaving.Token);
                if (available == 0)
                {
                    Complete(_position);
                    return true;
                }

                await TakeAsync(reader.File, available, followed);
            }

            return true;
        }
        catch (BlobBrokenException e)
        {
            _trace.Add($"{this} is broken off: {e.Message}");
            followed.BrokenReaders++;
            return false;
        }
    }

    private void Aim(long? length)
    {
        _first = plan.First >= 0 || length is null ? Math.Max(plan.First, 0) : Math.Max(length.Value + plan.First, 0);
        _end = plan.End;
        _isClosed = plan.End is not null || (plan.First < 0 && length is not null);
        _position = plan.First < 0 ? _first : Math.Max(_position, _first);
        if (_first >= length)
        {
            HasAll = true;
        }
    }

    private async Task TakeAsync(SafeFileHandle file, long available, FollowedFetch? followed)
    {
        var stop = Math.Min(_position + available, _end ?? long.MaxValue);
        if (followed is not null && !_isClosed && stop > (followed.Fetch.Length ?? _scenario.Length) - Fetch.HoldBack && !followed.IsConfirmed(file))
        {
            _trace.Fault($"{this} may read up to {stop} of {_scenario.Length} before the digest is confirmed");
        }

        while (_position < stop)
        {
            var count = (int)Math.Min(stop - _position, 256 << 10);
            Check(file, count, followed);
            _position += count;
            if (!double.IsInfinity(plan.Rate))
            {
                await process.Thread.DelayAsync(TimeSpan.FromSeconds(count / plan.Rate), _leaving.Token);
            }
        }

        if (_position >= (_end ?? _scenario.Length) && (_isClosed || followed is null))
        {
            Complete(_position);
        }
    }

    private void Check(SafeFileHandle file, int count, FollowedFetch? followed)
    {
        var bytes = process.Scratch.AsSpan(0, count);
        var read = RandomAccess.Read(file, bytes, _position);
        var isRight = read == count && _position + count <= _scenario.Length && bytes.SequenceEqual(process.Content.Span.Slice((int)_position, count));
        if (!isRight)
        {
            _sawWrongBytes = true;
            if (followed is null || !process.HasWrongBytes)
            {
                _trace.Fault($"{this} reads wrong bytes in {_position}-{_position + count}");
            }
        }
    }

    // As Task.WaitAsync, which would leave the simulation's thread.
    private async Task<T> UnlessLeavingAsync<T>(Task<T> task)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _leaving.Token.UnsafeRegister(static (state, token) => ((TaskCompletionSource<T>)state!).TrySetCanceled(token), result);
        _ = ForwardAsync(task, result);
        return await result.Task;
    }

    private static async Task ForwardAsync<T>(Task<T> task, TaskCompletionSource<T> result) => result.TrySetResult(await task);

    private static async Task<bool> EndedAsync(Fetch fetch)
    {
        await fetch.Ended;
        return true;
    }

    private void Complete(long position)
    {
        HasAll = true;
        if (position != Math.Min(_end ?? long.MaxValue, _scenario.Length))
        {
            _trace.Fault($"{this} ends at {position}");
        }

        if (_sawWrongBytes && !_isClosed)
        {
            _trace.Fault($"{this} completes with wrong bytes");
        }
    }
}
