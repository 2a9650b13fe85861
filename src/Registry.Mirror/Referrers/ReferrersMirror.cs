using System.Collections.Concurrent;
using Registry.Mirror.Flights;
using Registry.Mirror.Routing;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Referrers;

namespace Registry.Mirror.Referrers;

/// <summary>What refers to a manifest: in a local repository from its index, in a mirrored one from upstream, remembered for the upstream's freshness. Thread-safe.</summary>
public sealed class ReferrersMirror
{
    /// <summary>Most bytes of descriptors in one page, so that the whole stays below what clients take for a manifest (4 MiB).</summary>
    private const int MaxPageBytes = 3 << 20;

    /// <summary>Most lists remembered, of 4 MiB at the very most each; beyond it the memory is emptied and filled again by use.</summary>
    private const int MaxRemembered = 16;

    private readonly Store _store;
    private readonly TimeProvider _time;
    private readonly ReferrersSource _source;
    private readonly ConcurrentDictionary<(RepositoryName Place, Digest Subject), (ReferrersAnswer Answer, DateTimeOffset Confirmed)> _remembered = new();
    private readonly SingleFlight<(RepositoryName Place, Digest Subject), ReferrersAnswer> _flights;

    /// <summary>A list over the store; work in flight ends when <paramref name="lifetime"/> fires.</summary>
    public ReferrersMirror(Store store, TimeProvider time, CancellationToken lifetime)
    {
        _store = store;
        _time = time;
        _source = new ReferrersSource(time);
        _flights = new SingleFlight<(RepositoryName, Digest), ReferrersAnswer>(lifetime);
    }

    /// <summary>One page of the referrers of a manifest.</summary>
    /// <param name="destination">Where the repository is.</param>
    /// <param name="subject">The manifest, which itself need not exist.</param>
    /// <param name="artifactType">Only those of that type; empty: all.</param>
    /// <param name="after">The <see cref="ReferrersAnswer.Next"/> of the page before; null: the first page.</param>
    /// <param name="cancellation">The client's own.</param>
    public async Task<ReferrersAnswer> ListAsync(Destination destination, Digest subject, string artifactType, string? after, CancellationToken cancellation)
    {
        if (destination.Origin is not { } origin)
        {
            return FromStore(destination.Place, subject, artifactType, after);
        }

        var key = (destination.Place, subject);
        var isKnown = _remembered.TryGetValue(key, out var remembered);
        var age = isKnown ? _time.GetUtcNow() - remembered.Confirmed : TimeSpan.Zero;
        if (isKnown && age < origin.Upstream.Options.Freshness)
        {
            return Filter(remembered.Answer, artifactType) with { Status = CacheStatus.Hit, Age = age };
        }

        var asked = _flights.JoinAsync(key, (this, origin), static (wanted, state, token) => state.Item1.AskAsync(wanted, state.origin, token));
        if (!isKnown)
        {
            return Filter(await asked.WaitAsync(cancellation), artifactType);
        }

        var stale = Filter(remembered.Answer, artifactType) with { Status = CacheStatus.Stale, Age = age };
        try
        {
            var answer = await asked.WaitAsync(StaleCopy.Patience, _time, cancellation);
            return answer.Failure is { } failure && StaleCopy.MayGoOut(failure, age, origin.Upstream.Options) ? stale : Filter(answer, artifactType);
        }
        catch (TimeoutException)
        {
            return stale;
        }
    }

    private static ReferrersAnswer Filter(ReferrersAnswer answer, string artifactType) =>
        artifactType.Length == 0 ? answer : answer with { Referrers = [.. answer.Referrers.Where(referrer => referrer.ArtifactType == artifactType)] };

    private ReferrersAnswer FromStore(RepositoryName place, Digest subject, string artifactType, string? after)
    {
        var page = new List<Referrer>();
        var bytes = 0;
        string? last = null;
        foreach (var (key, referrer) in _store.Manifests.Referrers(place, subject, after))
        {
            if (artifactType.Length > 0 && referrer.ArtifactType != artifactType)
            {
                continue;
            }

            bytes += referrer.Descriptor.Length;
            if (bytes > MaxPageBytes && page.Count > 0)
            {
                return new ReferrersAnswer { Referrers = page, Next = last };
            }

            page.Add(referrer);
            last = key;
        }

        return new ReferrersAnswer { Referrers = page };
    }

    private async Task<ReferrersAnswer> AskAsync((RepositoryName Place, Digest Subject) key, Origin origin, CancellationToken cancellation)
    {
        var answer = await _source.GetAsync(origin, key.Subject, cancellation);
        if (answer.Failure is null)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Clear();
            }

            _remembered[key] = (answer, _time.GetUtcNow());
        }

        return answer;
    }
}
