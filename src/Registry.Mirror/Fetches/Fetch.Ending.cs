using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Fetches;

/// <content>The end, good or bad: the blob put in its place, or its readers told and the bytes kept or thrown away.</content>
internal sealed partial class Fetch
{
    /// <summary>Called once when all bytes are there and right, with the repositories that may have the blob; it puts the blob in its place.</summary>
    public Action<Fetch, IReadOnlyCollection<RepositoryName>>? OnVerified { get; init; }

    /// <summary>Called once when the fetch is over.</summary>
    public Action<Fetch>? OnEnded { get; init; }

    /// <summary>Sources that are not asked in this fetch, and may bring the blob if these send a wrong one.</summary>
    public IReadOnlyList<IBlobSource> Reserve { get; init; } = [];

    /// <summary>
    /// The sources that may bring the blob anew after its digest was wrong: one alone in each fetch, the first in the next; empty when there is no hope, or nothing was
    /// wrong.
    /// </summary>
    public IReadOnlyList<IBlobSource> Alternatives { get; private set; } = [];

    private void Complete(RepositoryName[] places)
    {
        try
        {
            lock (_disk)
            {
                _ingest.Commit();
            }

            OnVerified?.Invoke(this, places);
            MirrorLog.Fetched(
                _context.Logger, Digest, _upstream, string.Join(' ', Contributors()), _length ?? 0, _restored,
                _context.Time.GetElapsedTime(_started).TotalSeconds, _requests, _mostTransfers);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            MirrorLog.NotStored(_context.Logger, Digest, e.Message);
        }
        finally
        {
            End();
        }
    }

    private void Reject(Digest digest)
    {
        IBlobSource[] contributors;
        lock (_gate)
        {
            contributors = [.. _sources.Where(source => source.HasContributed).Select(source => source.Source)];
            var sources = _sources.Select(source => source.Source);

            // Bytes of several sources, or of an earlier run, are nobody's fault yet: each source alone brings them anew, until one has them right.
            var isCulpritKnown = contributors.Length == 1 && _restored == 0;
            Alternatives = [.. isCulpritKnown ? sources.Except(contributors) : sources, .. Reserve];
        }

        IEnumerable<string> suspects = [.. contributors.Select(source => source.Host), .. _restored > 0 ? ["an earlier fetch"] : Array.Empty<string>()];
        var whose = string.Join(" or ", suspects);
        var failure = new UpstreamFailure(UpstreamFailureKind.Invalid, _upstream, $"{_upstream}: {whose} sent a body whose digest is {digest}, not {Digest}");
        MirrorLog.WrongDigest(_context.Logger, Digest, failure.Message);
        Fail(failure, discard: true);
    }

    private void Fail(UpstreamFailure failure, bool discard = false) => Fail(failure, null, discard);

    private void Fail(IOException diskError) => Fail(null, diskError, discard: false);

    private void Fail(UpstreamFailure? failure, IOException? diskError, bool discard)
    {
        FetchReader[] broken;
        lock (_gate)
        {
            if (_state != FetchState.Running)
            {
                return;
            }

            _state = FetchState.Failed;
            _failure = failure;
            _diskError = diskError;
            broken = [.. _waiting];
            _waiting.Clear();
        }

        MirrorLog.FetchFailed(_context.Logger, Digest, Broken().Message);
        _opened.TrySetResult(failure ?? new UpstreamFailure(UpstreamFailureKind.Unavailable, _upstream, $"the blob cannot be stored ({diskError!.Message})"));
        foreach (var reader in broken)
        {
            reader.Break(Broken());
        }

        RunBlocking(() => Abandon(discard));
    }

    private void Abandon(bool discard)
    {
        try
        {
            lock (_disk)
            {
                if (discard || _received.Received == 0)
                {
                    _ingest.Discard();
                }
                else
                {
                    var (length, segments) = Held();
                    _ingest.Checkpoint(length, segments);
                }
            }
        }
        catch (IOException e)
        {
            MirrorLog.NotStored(_context.Logger, Digest, e.Message);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        _stopping.Cancel();
        _tick?.Dispose();
        _ended.TrySetResult();
        OnEnded?.Invoke(this);
        EndUse();
    }

    private IEnumerable<string> Contributors()
    {
        lock (_gate)
        {
            return [.. _sources.Where(source => source.HasContributed).Select(source => source.Source.Host)];
        }
    }

    // Syncing and reading back block: they run apart, on the scheduler that is in force, so that a simulation stays on its one thread.
    private void RunBlocking(Action action)
    {
        Interlocked.Increment(ref _uses);
        _ = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    action();
                }
                finally
                {
                    EndUse();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Current);
    }
}
