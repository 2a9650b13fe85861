using System.Text.Json;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Tags;

/// <summary>Asks upstreams for their tags and believes nothing that is not checked. Thread-safe.</summary>
internal sealed class TagListSource(TimeProvider time)
{
    /// <summary>Largest page that is read, in bytes: a thousand of the longest tags are 130 KB; registries that do not page send more.</summary>
    private const int MaxBody = 1 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>One page of an upstream's tags.</summary>
    public async Task<TagListAnswer> GetAsync(TagListPage page, Origin origin, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            var request = new UpstreamRequest(HttpMethod.Get, origin.Repository, page.ToPath());
            using var reply = await origin.Upstream.Endpoints[0].SendAsync(request, linked.Token);
            if (reply.Failure is not null)
            {
                return new TagListAnswer { Failure = reply.Failure };
            }

            await using var body = await reply.OpenBodyAsync(linked.Token);
            var tags = await ReadAsync(body, linked.Token);
            return tags is null
                ? Failed(UpstreamFailureKind.Invalid, origin, "sent something that is no list of tags")
                : new TagListAnswer { Tags = tags, HasMore = reply.Link is not null && tags.Count > 0, Status = CacheStatus.Fill };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Failed(UpstreamFailureKind.Timeout, origin, $"has not sent its tags within {Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return Failed(UpstreamFailureKind.Unreachable, origin, "broke off in a list of tags");
        }
    }

    private static async Task<List<string>?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        if (await BoundedBody.ReadAsync(body, MaxBody, cancellation) is not { } json)
        {
            return null;
        }

        try
        {
            var list = JsonSerializer.Deserialize(json, TagListJson.Default.TagListBody);
            return list is null ? null : [.. (list.Tags ?? []).OfType<string>().Where(tag => Tag.TryParse(tag, out _))];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TagListAnswer Failed(UpstreamFailureKind kind, Origin origin, string what) =>
        new() { Failure = new UpstreamFailure(kind, origin.Upstream.Name, $"{origin.Upstream.Name}: {origin.Upstream.Endpoints[0].Host} {what}") };
}
