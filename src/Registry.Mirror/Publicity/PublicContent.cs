using System.Collections.Concurrent;
using Registry.Mirror.Flights;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Publicity;

/// <summary>
/// Finds out which repositories an upstream shows to everybody, so that what the mirror's account alone may read is not given to clients without a password.
/// Thread-safe.
/// </summary>
/// <remarks>The upstream is asked anonymously. That it said yes is remembered for <see cref="Remembered"/>, and as long again while it does not answer.</remarks>
public sealed class PublicContent
{
    /// <summary>How long a repository that was public is taken for it.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>Most repositories remembered, some MB; beyond it all are asked for again.</summary>
    private const int MaxRemembered = 20_000;

    private static readonly IReadOnlyList<string> ManifestTypes = [MediaType.OciIndex, MediaType.DockerManifestList, MediaType.OciManifest, MediaType.DockerManifest];

    private readonly ConcurrentDictionary<RepositoryName, long> _public = new();
    private readonly SingleFlight<(RepositoryName Place, string Resource), UpstreamFailure?> _flights;
    private readonly TimeProvider _time;

    /// <summary>Nothing is known at first; questions under way end when <paramref name="lifetime"/> fires.</summary>
    public PublicContent(TimeProvider time, CancellationToken lifetime)
    {
        _time = time;
        _flights = new SingleFlight<(RepositoryName, string), UpstreamFailure?>(lifetime);
    }

    /// <summary>Whether a repository is remembered as public.</summary>
    public bool IsKnown(RepositoryName place) => IsWithin(place, Remembered);

    /// <summary>Finds out whether everybody may read a repository.</summary>
    /// <param name="origin">Whose repository it is.</param>
    /// <param name="place">Where it lies in the store.</param>
    /// <param name="resource">What is wanted of it, <c>manifests/…</c> or <c>blobs/…</c>; null: its list of tags.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null: it is public. Else why it cannot be said to be.</returns>
    /// <exception cref="OperationCanceledException">The client left; the question goes on.</exception>
    public async Task<UpstreamFailure?> FindAsync(Origin origin, RepositoryName place, string? resource, CancellationToken cancellation)
    {
        if (IsKnown(place))
        {
            return null;
        }

        var failure = await _flights.JoinAsync((place, resource ?? "tags/list?n=1"), (this, origin), static (key, state, token) =>
            state.Item1.AskAsync(state.origin, key.Place, key.Resource, token)).WaitAsync(cancellation);
        var isSilent = failure is { Kind: not (UpstreamFailureKind.Unauthorized or UpstreamFailureKind.NotFound) };
        return isSilent && IsWithin(place, 2 * Remembered) ? null : failure;
    }

    /// <summary>Forgets all of it: the upstreams are others now.</summary>
    internal void Forget() => _public.Clear();

    private async Task<UpstreamFailure?> AskAsync(Origin origin, RepositoryName place, string resource, CancellationToken cancellation)
    {
        var isList = resource.StartsWith("tags/", StringComparison.Ordinal);
        var request = new UpstreamRequest(isList ? HttpMethod.Get : HttpMethod.Head, origin.Repository, resource)
        {
            Accept = resource.StartsWith("manifests/", StringComparison.Ordinal) ? ManifestTypes : [],
        };
        using var reply = await origin.Upstream.Anonymous.SendAsync(request, cancellation);
        if (reply.Failure is { } failure)
        {
            if (failure.Kind == UpstreamFailureKind.Unauthorized)
            {
                _public.TryRemove(place, out _);
            }

            return failure;
        }

        if (_public.Count >= MaxRemembered)
        {
            _public.Clear();
        }

        _public[place] = _time.GetTimestamp();
        return null;
    }

    private bool IsWithin(RepositoryName place, TimeSpan duration) => _public.TryGetValue(place, out var asked) && _time.GetElapsedTime(asked) < duration;
}
