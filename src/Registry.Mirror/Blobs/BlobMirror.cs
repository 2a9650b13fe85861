using Microsoft.Extensions.Logging;
using Registry.Mirror.Fetches;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Mirror.Blobs;

/// <summary>
/// Blobs, from the store or through it from upstream. Thread-safe.
/// </summary>
/// <remarks>
/// A repository serves what it has a link for. Anything else its own upstream must have: either it is fetched from there, or, when another repository brought or is
/// bringing the same content, the upstream confirms the digest with one byte. So nobody reads through one repository what belongs to another.
/// </remarks>
public sealed class BlobMirror
{
    /// <summary>
    /// How long a client waits for headers. containerd 2.3 and dockerd 29.7 give up after 30 s; a third of it leaves room for what lies between us.
    /// </summary>
    public static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    private readonly Store _store;
    private readonly FetchTable _fetches;
    private readonly BlobSizes _sizes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal BlobMirror(Store store, FetchTable fetches, BlobSizes sizes, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _store = store;
        _fetches = fetches;
        _sizes = sizes;
        _time = time;
    }

    /// <summary>The bytes of a blob; for one that is not here a fetch begins, or is joined.</summary>
    /// <exception cref="OperationCanceledException">The client left; the fetch goes on.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public async Task<BlobAnswer> GetAsync(Destination destination, Digest digest, CancellationToken cancellation)
    {
        while (true)
        {
            if (OpenLinked(destination.Place, digest) is { } content)
            {
                return new BlobAnswer { Content = content, Status = destination.Origin is null ? CacheStatus.None : CacheStatus.Hit };
            }

            if (destination.Origin is not { } origin)
            {
                return new BlobAnswer();
            }

            var fetch = _fetches.Find(digest);
            if (fetch is null && _store.Blobs.Length(digest) is null)
            {
                try
                {
                    fetch = _fetches.TryStart(digest, destination.Place, origin);
                }
                catch (IOException e)
                {
                    return await PassByAsync(origin, digest, e, cancellation);
                }

                if (fetch is null)
                {
                    continue;
                }
            }

            if (fetch is null || !fetch.IsFor(destination.Place))
            {
                var (_, failure) = await ConfirmAsync(origin, digest, cancellation);
                if (failure is not null)
                {
                    return new BlobAnswer { Failure = failure };
                }

                // Before a fetch links the blob there: it would take the repository for its own upstream's.
                if (!TryDecide(destination.Place, origin))
                {
                    return new BlobAnswer();
                }

                if (fetch is not null && !fetch.TryAdd(destination.Place))
                {
                    await fetch.Ended.WaitAsync(cancellation);
                }

                if (_store.Blobs.Length(digest) is not null)
                {
                    _store.Layers.Add(destination.Place, digest, digest);
                }

                continue;
            }

            if (await FollowAsync(fetch, digest, cancellation) is { } answer)
            {
                return answer;
            }

            await fetch.Ended.WaitAsync(cancellation);
        }
    }

    /// <summary>Whether a repository has a blob, and its length. In a repository of which there is nothing yet nobody is asked.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async Task<BlobAnswer> HeadAsync(Destination destination, Digest digest, CancellationToken cancellation)
    {
        if (_store.Layers.Find(destination.Place, digest) is { } target && _store.Blobs.Length(target) is { } length && _store.Blobs.Renew(target))
        {
            return new BlobAnswer { Length = length, Status = destination.Origin is null ? CacheStatus.None : CacheStatus.Hit };
        }

        if (destination.Origin is not { } origin || _store.Kinds.Find(destination.Place) is null)
        {
            return new BlobAnswer();
        }

        var (total, failure) = await ConfirmAsync(origin, digest, cancellation);
        return failure is null
            ? new BlobAnswer { Length = total ?? _sizes.Find(digest), Status = CacheStatus.Revalidated }
            : new BlobAnswer { Failure = failure };
    }

    // The disk takes nothing at all: this client gets a stream of its own.
    private async Task<BlobAnswer> PassByAsync(Origin origin, Digest digest, IOException why, CancellationToken cancellation)
    {
        MirrorLog.PassedThrough(_logger, digest, why.Message);
        var stream = _fetches.PassBy(digest, origin);
        try
        {
            if (await stream.OpenAsync(0, cancellation) is { } failure)
            {
                return new BlobAnswer { Failure = failure };
            }

            var content = new BlobContent(stream);
            stream = null;
            return new BlobAnswer { Content = content, Status = CacheStatus.Fill };
        }
        finally
        {
            // A client that left, too, gives its place among the connections back.
            stream?.Dispose();
        }
    }

    private BlobContent? OpenLinked(RepositoryName place, Digest digest)
    {
        if (_store.Layers.Find(place, digest) is not { } target || _store.Blobs.Open(target) is not { } blob)
        {
            return null;
        }

        _store.Layers.Use(place, digest);
        return new BlobContent(blob);
    }

    // The content of a running fetch; null when it ended before it could be followed.
    private async Task<BlobAnswer?> FollowAsync(Fetch fetch, Digest digest, CancellationToken cancellation)
    {
        var reader = fetch.TryFollow();
        if (reader is null)
        {
            return fetch.Opened.IsCompleted && await fetch.Opened is { } known ? new BlobAnswer { Failure = known } : null;
        }

        try
        {
            var failure = await fetch.Opened.WaitAsync(HeadersWithin, _time, cancellation);
            if (failure is null)
            {
                var content = new BlobContent(reader, fetch.Length);
                reader = null;
                return new BlobAnswer { Content = content, Status = CacheStatus.Fill };
            }

            return new BlobAnswer { Failure = failure };
        }
        catch (TimeoutException)
        {
            if (_sizes.Find(digest) is not { } size)
            {
                return new BlobAnswer { Failure = fetch.NotYet() };
            }

            var content = new BlobContent(reader!, size);
            reader = null;
            return new BlobAnswer { Content = content, Status = CacheStatus.Fill };
        }
        finally
        {
            reader?.Dispose();
        }
    }

    // For all endpoints together: the client waits for its headers.
    private async Task<(long? Total, UpstreamFailure? Failure)> ConfirmAsync(Origin origin, Digest digest, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(HeadersWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await AskEndpointsAsync(origin, digest, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var name = origin.Upstream.Name;
            return (null, new UpstreamFailure(UpstreamFailureKind.Timeout, name, $"{name} has not said within {HeadersWithin.TotalSeconds:0} s whether it has the blob; ask again"));
        }
    }

    private static async Task<(long? Total, UpstreamFailure? Failure)> AskEndpointsAsync(Origin origin, Digest digest, CancellationToken cancellation)
    {
        UpstreamFailure? first = null;
        foreach (var endpoint in origin.Upstream.Endpoints)
        {
            var source = new UpstreamBlobSource(origin.Upstream.Name, endpoint, origin.Repository, digest);
            using var reply = await source.OpenAsync(0, 0, cancellation);
            if (reply.Failure is null)
            {
                return (reply.Total, null);
            }

            first ??= reply.Failure;
        }

        return (null, first);
    }

    // False when the repository has become somebody else's in the meantime.
    private bool TryDecide(RepositoryName place, Origin origin) =>
        _store.Kinds.Decide(place, RepositoryKind.Mirrored(origin.Upstream.Name)).IsFrom(origin.Upstream.Name);
}
