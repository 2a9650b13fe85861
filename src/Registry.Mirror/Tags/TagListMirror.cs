using System.Collections.Concurrent;
using Registry.Mirror.Flights;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage;
using Registry.Storage.Content;

namespace Registry.Mirror.Tags;

/// <summary>
/// The tags of a repository: a local one's from the store, a mirrored one's from upstream, remembered for the upstream's freshness. Thread-safe.
/// </summary>
public sealed class TagListMirror
{
    /// <summary>Most tags of one page: what the large registries allow.</summary>
    public const int MaxPage = 1000;

    /// <summary>Most pages remembered, of 1 MiB at the most each; beyond it the memory is emptied and filled again by use.</summary>
    private const int MaxRemembered = 32;

    private readonly Store _store;
    private readonly TimeProvider _time;
    private readonly TagListSource _source;
    private readonly ConcurrentDictionary<TagListPage, (TagListAnswer Answer, DateTimeOffset Confirmed)> _remembered = new();
    private readonly SingleFlight<TagListPage, TagListAnswer> _flights;

    /// <summary>A list over the store; work in flight ends when <paramref name="lifetime"/> fires.</summary>
    public TagListMirror(Store store, TimeProvider time, CancellationToken lifetime)
    {
        _store = store;
        _time = time;
        _source = new TagListSource(time);
        _flights = new SingleFlight<TagListPage, TagListAnswer>(lifetime);
    }

    /// <summary>The tags after <paramref name="last"/>, at most <paramref name="count"/> and <see cref="MaxPage"/> of them; all that there are when no count is given.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async Task<TagListAnswer> ListAsync(Destination destination, int? count, string? last, CancellationToken cancellation)
    {
        count = count is { } wanted ? Math.Min(wanted, MaxPage) : null;
        if (destination.Origin is not { } origin)
        {
            return _store.Kinds.Find(destination.Place) is null ? new TagListAnswer() : FromStore(destination.Place, count, last);
        }

        if (count == 0)
        {
            return new TagListAnswer { Tags = [] };
        }

        var page = new TagListPage(destination.Place, count, last);
        if (_remembered.TryGetValue(page, out var remembered) && Age(remembered.Confirmed) < origin.Upstream.Options.Freshness)
        {
            return remembered.Answer with { Status = CacheStatus.Hit, Age = Age(remembered.Confirmed) };
        }

        var asked = _flights.JoinAsync(page, (this, origin), static (key, state, token) => state.Item1.AskAsync(key, state.origin, token));
        TagListAnswer answer;
        try
        {
            answer = await asked.WaitAsync(StaleCopy.Patience, _time, cancellation);
        }
        catch (TimeoutException)
        {
            if (FindCopy(page, origin, failure: null) is { } copy)
            {
                return copy;
            }

            answer = await asked.WaitAsync(cancellation);
        }

        return answer.Failure is { } failure ? FindCopy(page, origin, failure) ?? answer : answer;
    }

    // The list that was sent before, or the tags that are kept here: more use than none.
    private TagListAnswer? FindCopy(TagListPage page, Origin origin, UpstreamFailure? failure)
    {
        if (_remembered.TryGetValue(page, out var remembered))
        {
            var age = Age(remembered.Confirmed);
            return StaleCopy.MayGoOut(failure, age, origin.Upstream.Options) ? remembered.Answer with { Status = CacheStatus.Stale, Age = age } : null;
        }

        var kept = FromStore(page.Place, page.Count, page.Last);
        List<string> tags = [.. (kept.Tags ?? []).Where(tag => StaleCopy.MayGoOut(failure, Age(page.Place, tag), origin.Upstream.Options))];
        return tags.Count > 0 ? kept with { Tags = tags, Status = CacheStatus.Stale } : null;
    }

    private TagListAnswer FromStore(RepositoryName place, int? count, string? last)
    {
        var page = _store.Tags.List(place, count, last);
        return new TagListAnswer { Tags = page.Tags, HasMore = page.HasMore };
    }

    private async Task<TagListAnswer> AskAsync(TagListPage page, Origin origin, CancellationToken cancellation)
    {
        var answer = await _source.GetAsync(page, origin, cancellation);
        if (answer.Failure is null)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Clear();
            }

            _remembered[page] = (answer, _time.GetUtcNow());
        }

        return answer;
    }

    private TimeSpan Age(RepositoryName place, string tag) => Tag.TryParse(tag, out var parsed) && _store.Tags.Find(place, parsed) is { } entry ? Age(entry.Confirmed) : TimeSpan.MaxValue;

    private TimeSpan Age(DateTimeOffset confirmed) => _time.GetUtcNow() - confirmed;
}
