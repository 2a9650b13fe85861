using Microsoft.Extensions.Logging;
using Registry.Mirror.Blobs;
using Registry.Mirror.Flights;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Manifests;
using Registry.Storage.Repositories;
using Registry.Storage.Tags;

namespace Registry.Mirror.Manifests;

/// <summary>
/// Manifests, from the store or through it from upstream. Thread-safe.
/// </summary>
/// <remarks>
/// A digest never goes stale. A tag is served for the upstream's freshness, then revalidated by HEAD; while there is a copy the upstream has
/// <see cref="StaleCopy.Patience"/> to answer, then the copy goes out, marked stale, and the revalidation ends in the background.
/// </remarks>
public sealed class ManifestMirror : IDisposable
{
    private readonly Store _store;
    private readonly BlobSizes _sizes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ManifestSource _source;
    private readonly SingleFlight<(RepositoryName Place, Reference Reference), ManifestAnswer> _flights;

    /// <summary>A mirror over the store; work in flight ends when <paramref name="lifetime"/> fires.</summary>
    public ManifestMirror(Store store, BlobSizes sizes, TimeProvider time, ILogger logger, CancellationToken lifetime)
    {
        _store = store;
        _sizes = sizes;
        _time = time;
        _logger = logger;
        _source = new ManifestSource(time);
        _flights = new SingleFlight<(RepositoryName, Reference), ManifestAnswer>(lifetime);
    }

    /// <summary>The manifest that a client means.</summary>
    /// <exception cref="OperationCanceledException">The client left; what is in flight goes on.</exception>
    public async Task<ManifestAnswer> GetAsync(Destination destination, Reference reference, CancellationToken cancellation)
    {
        var answer = reference.Tag is { } tag
            ? await GetByTagAsync(destination, tag, cancellation)
            : await GetByDigestAsync(destination, reference.Digest, cancellation);
        if (answer.Manifest?.Parsed is { } manifest)
        {
            _sizes.Note(manifest);
        }

        return answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private async ValueTask<ManifestAnswer> GetByDigestAsync(Destination destination, Digest digest, CancellationToken cancellation)
    {
        var stored = _store.Manifests.Find(destination.Place, digest);
        if (destination.Origin is not { } origin)
        {
            return new ManifestAnswer { Manifest = stored };
        }

        return stored is not null
            ? new ManifestAnswer { Manifest = stored, Status = CacheStatus.Hit }
            : await _flights.JoinAsync((destination.Place, new Reference(digest)), (this, origin), static (key, state, token) =>
                state.Item1.FillAsync(key.Place, key.Reference, state.origin, token)).WaitAsync(cancellation);
    }

    private async ValueTask<ManifestAnswer> GetByTagAsync(Destination destination, Tag tag, CancellationToken cancellation)
    {
        var entry = _store.Tags.Find(destination.Place, tag);
        var stored = entry is { } found ? _store.Manifests.Find(destination.Place, found.Digest) : null;
        if (destination.Origin is not { } origin)
        {
            return new ManifestAnswer { Manifest = stored };
        }

        if (stored is null)
        {
            return await _flights.JoinAsync((destination.Place, new Reference(tag)), (this, origin), static (key, state, token) =>
                state.Item1.FillAsync(key.Place, key.Reference, state.origin, token)).WaitAsync(cancellation);
        }

        var age = Age(entry!.Value);
        return age < origin.Upstream.Options.Freshness
            ? new ManifestAnswer { Manifest = stored, Status = CacheStatus.Hit, Age = age }
            : await RevalidateAsync(destination.Place, tag, origin, stored, age, cancellation);
    }

    private async Task<ManifestAnswer> RevalidateAsync(
        RepositoryName place, Tag tag, Origin origin, StoredManifest stored, TimeSpan age, CancellationToken cancellation)
    {
        var stale = new ManifestAnswer { Manifest = stored, Status = CacheStatus.Stale, Age = age };
        ManifestAnswer answer;
        try
        {
            answer = await _flights.JoinAsync((place, new Reference(tag)), (this, origin, stored), static (key, state, token) =>
                    state.Item1.ConfirmAsync(key.Place, key.Reference, state.origin, state.stored, token))
                .WaitAsync(StaleCopy.Patience, _time, cancellation);
        }
        catch (TimeoutException)
        {
            MirrorLog.ServedStale(_logger, place.Value, tag.Value, origin.Upstream.Name, "it has not answered in time");
            return stale;
        }

        if (answer.Failure is not { } failure)
        {
            return answer;
        }

        if (!StaleCopy.MayGoOut(failure, age, origin.Upstream.Options))
        {
            return answer;
        }

        MirrorLog.ServedStale(_logger, place.Value, tag.Value, origin.Upstream.Name, failure.Message);
        return stale;
    }

    private async Task<ManifestAnswer> ConfirmAsync(
        RepositoryName place, Reference reference, Origin origin, StoredManifest stored, CancellationToken cancellation)
    {
        var (current, failure) = await ManifestSource.HeadAsync(origin, reference.Tag!, stored.Digest, cancellation);
        if (failure is not null)
        {
            return new ManifestAnswer { Failure = failure };
        }

        if (current is not { } digest)
        {
            return await FillAsync(place, reference, origin, cancellation);
        }

        if (digest == stored.Digest)
        {
            _store.Tags.Confirm(place, reference.Tag!);
            return new ManifestAnswer { Manifest = stored, Status = CacheStatus.Revalidated };
        }

        if (_store.Manifests.Find(place, digest) is { } known)
        {
            _store.Tags.Set(place, reference.Tag!, digest);
            return new ManifestAnswer { Manifest = known, Status = CacheStatus.Revalidated };
        }

        return await FillAsync(place, reference, origin, cancellation);
    }

    private async Task<ManifestAnswer> FillAsync(RepositoryName place, Reference reference, Origin origin, CancellationToken cancellation)
    {
        var (manifest, failure) = await _source.GetAsync(origin, reference, cancellation);
        if (manifest is null)
        {
            MirrorLog.ManifestFailed(_logger, place.Value, reference.ToString(), failure!.Message);
            return new ManifestAnswer { Failure = failure };
        }

        var kind = _store.Kinds.Decide(place, RepositoryKind.Mirrored(origin.Upstream.Name));
        if (!kind.IsFrom(origin.Upstream.Name))
        {
            return new ManifestAnswer
            {
                Failure = new UpstreamFailure(UpstreamFailureKind.NotFound, origin.Upstream.Name, $"{place} has become {kind} while it was asked of {origin.Upstream.Name}"),
            };
        }

        _store.Manifests.Put(place, manifest);
        if (reference.Tag is { } tag)
        {
            _store.Tags.Set(place, tag, manifest.Digest);
        }

        MirrorLog.ManifestStored(_logger, place.Value, reference.ToString(), origin.Upstream.Name, manifest.Digest, manifest.Content.Length);
        return new ManifestAnswer { Manifest = manifest, Status = CacheStatus.Fill };
    }

    private TimeSpan Age(TagEntry entry)
    {
        // A clock that was set back must not make a tag fresh for ever.
        var age = _time.GetUtcNow() - entry.Confirmed;
        return age < TimeSpan.Zero ? TimeSpan.MaxValue : age;
    }
}
