using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Mirror.Manifests;

/// <summary>Asks upstreams for manifests and believes nothing that they answer until it is checked. Thread-safe.</summary>
internal sealed class ManifestSource(TimeProvider time) : IDisposable
{
    /// <summary>Most manifests read from upstreams at once: with <see cref="ManifestReader.MaxBytes"/> each, 64 MiB is the worst that hostile upstreams can make of it.</summary>
    private const int MaxAtOnce = 16;

    /// <summary>For the whole of one manifest, body included.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turns = new(MaxAtOnce, MaxAtOnce);

    /// <summary>
    /// What a tag means upstream, without its manifest: <paramref name="known"/> when it has not changed; a null digest without a failure when the upstream does not say.
    /// </summary>
    public static async Task<(Digest? Digest, UpstreamFailure? Failure)> HeadAsync(Origin origin, Tag tag, Digest known, CancellationToken cancellation)
    {
        var request = Request(HttpMethod.Head, origin, new Reference(tag)) with { IfNoneMatch = $"\"{known}\"" };
        using var reply = await origin.Upstream.Endpoints[0].SendAsync(request, cancellation);
        if (reply.Failure is not null)
        {
            return (null, reply.Failure);
        }

        return reply.Status == System.Net.HttpStatusCode.NotModified ? (known, null) : (reply.ContentDigest, null);
    }

    /// <summary>A manifest with its exact bytes, verified: exactly one of the two is not null.</summary>
    public async Task<(StoredManifest? Manifest, UpstreamFailure? Failure)> GetAsync(Origin origin, Reference reference, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await GetFromEndpointsAsync(origin, reference, linked.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (null, new UpstreamFailure(UpstreamFailureKind.Timeout, origin.Upstream.Name, $"{origin.Upstream.Name} has not sent the manifest within {Timeout.TotalSeconds:0} s"));
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private static async Task<(StoredManifest? Manifest, UpstreamFailure? Failure)> GetFromEndpointsAsync(
        Origin origin, Reference reference, CancellationToken cancellation)
    {
        // Tags are the first endpoint's alone; a digest may come from any.
        var endpoints = origin.Upstream.Endpoints;
        var count = reference.Tag is null ? endpoints.Count : 1;
        UpstreamFailure? first = null;
        for (var i = 0; i < count; i++)
        {
            using var reply = await endpoints[i].SendAsync(Request(HttpMethod.Get, origin, reference), cancellation);
            var (manifest, failure) = reply.Failure is { } refused ? (null, refused) : await ReadAsync(origin, endpoints[i], reference, reply, cancellation);
            if (manifest is not null)
            {
                return (manifest, null);
            }

            first ??= failure;
        }

        return (null, first);
    }

    private static async Task<(StoredManifest? Manifest, UpstreamFailure? Failure)> ReadAsync(
        Origin origin, UpstreamEndpoint endpoint, Reference reference, UpstreamReply reply, CancellationToken cancellation)
    {
        (StoredManifest?, UpstreamFailure?) Invalid(string what) =>
            (null, new UpstreamFailure(UpstreamFailureKind.Invalid, origin.Upstream.Name, $"{origin.Upstream.Name}: {endpoint.Host} {what}"));

        if (reply.ContentLength > ManifestReader.MaxBytes)
        {
            return Invalid($"sent a manifest of {reply.ContentLength} bytes; the most that is taken is {ManifestReader.MaxBytes}");
        }

        byte[]? content;
        try
        {
            await using var body = await reply.OpenBodyAsync(cancellation);
            content = await BoundedBody.ReadAsync(body, ManifestReader.MaxBytes, cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (null, new UpstreamFailure(UpstreamFailureKind.Unreachable, origin.Upstream.Name, $"{origin.Upstream.Name}: {endpoint.Host} broke off in a manifest"));
        }

        if (content is null)
        {
            return Invalid($"sent a manifest of more than {ManifestReader.MaxBytes} bytes");
        }

        if (reply.ContentLength is { } length && length != content.Length)
        {
            return Invalid($"announced {length} bytes and sent {content.Length}");
        }

        if (ManifestReader.Read(content) is not { } manifest)
        {
            return Invalid($"sent {reply.ContentType ?? "something without a content type"} that is no manifest");
        }

        var stated = reference.Tag is null ? reference.Digest : reply.ContentDigest;
        var digest = Digest.Of(stated?.Algorithm ?? DigestAlgorithm.Sha256, content);
        if (stated is not null && stated != digest)
        {
            return Invalid($"sent a manifest whose digest is {digest}, not {stated}");
        }

        var mediaType = manifest.StatedMediaType
            ?? (MediaType.Manifests.Contains(reply.ContentType, StringComparer.Ordinal) ? reply.ContentType! : manifest.MediaType);
        return (new StoredManifest(digest, mediaType, content) { Parsed = manifest }, null);
    }

    private static UpstreamRequest Request(HttpMethod method, Origin origin, Reference reference) =>
        new(method, origin.Repository, $"manifests/{reference}") { Accept = MediaType.Manifests };
}
