using System.Text.Json;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Manifests;
using Registry.Storage.Referrers;

namespace Registry.Mirror.Referrers;

/// <summary>Asks upstreams what refers to a manifest: by the API, or where there is none, by the fallback tag. Thread-safe.</summary>
internal sealed class ReferrersSource(TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Most pages of a list that are asked for.</summary>
    private const int MaxPages = 32;

    /// <summary>Every referrer that the upstream lists, in as many pages as have the bytes of one manifest together; none when it knows of none.</summary>
    public async Task<ReferrersAnswer> GetAsync(Origin origin, Digest subject, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            // Without the API registries answer 404, some 400 or a page of HTML; the fallback tag's own absence means an empty list.
            return await GetAsync(origin, $"referrers/{subject}", linked.Token) is { } listed
                ? listed
                : await GetAsync(origin, $"manifests/{FallbackTag(subject)}", linked.Token) ?? new ReferrersAnswer { Status = CacheStatus.Fill };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Failed(UpstreamFailureKind.Timeout, origin, $"has not sent its referrers within {Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return Failed(UpstreamFailureKind.Unreachable, origin, "broke off in a list of referrers");
        }
    }

    // OCI distribution specification, "Referrers Tag Schema".
    private static string FallbackTag(Digest subject)
    {
        var hex = subject.Hex;
        return $"{subject.Algorithm.Name()}-{hex[..Math.Min(64, hex.Length)]}";
    }

    // Null: what is there is no list of referrers.
    private static async Task<ReferrersAnswer?> GetAsync(Origin origin, string path, CancellationToken cancellation)
    {
        var referrers = new List<Referrer>();
        var left = ManifestReader.MaxBytes;
        var query = "";
        for (var pages = 0; pages < MaxPages && left > 0; pages++)
        {
            var request = new UpstreamRequest(HttpMethod.Get, origin.Repository, $"{path}{query}") { Accept = [MediaType.OciIndex] };
            using var reply = await origin.Upstream.Endpoints[0].SendAsync(request, cancellation);
            if (reply.Failure is { } failure)
            {
                return pages == 0 && failure.Kind is UpstreamFailureKind.NotFound or UpstreamFailureKind.Invalid ? null : new ReferrersAnswer { Failure = failure };
            }

            await using var body = await reply.OpenBodyAsync(cancellation);
            if (await BoundedBody.ReadAsync(body, ManifestReader.MaxBytes, cancellation) is not { } json || Read(json) is not { } page)
            {
                return null;
            }

            left -= json.Length;
            referrers.AddRange(left >= 0 ? page : []);
            if (NextQuery(reply.Link) is not { } next || next == query)
            {
                break;
            }

            query = next;
        }

        return new ReferrersAnswer { Referrers = referrers, Status = CacheStatus.Fill };
    }

    // Only the query is taken: a link that leads to another host or path is not followed there.
    private static string? NextQuery(string? link)
    {
        if (link is null || !link.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var begin = link.IndexOf('?', StringComparison.Ordinal);
        var end = link.IndexOf('>', StringComparison.Ordinal);
        var query = begin > 0 && end > begin ? link[begin..end] : "";
        return query.Length > 1 && Uri.IsWellFormedUriString(query, UriKind.Relative) ? query : null;
    }

    private static List<Referrer>? Read(byte[] json)
    {
        if (ManifestReader.Read(json) is not { IsIndex: true, IsMalformed: false })
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("manifests"u8).EnumerateArray().Select(static entry => Referrer.Of(entry))];
    }

    private static ReferrersAnswer Failed(UpstreamFailureKind kind, Origin origin, string what) =>
        new() { Failure = new UpstreamFailure(kind, origin.Upstream.Name, $"{origin.Upstream.Name}: {origin.Upstream.Endpoints[0].Host} {what}") };
}
