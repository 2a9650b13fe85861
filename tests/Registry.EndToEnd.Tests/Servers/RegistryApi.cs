using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Registry.Storage.Content;

namespace Registry.EndToEnd.Servers;

/// <summary>The OCI distribution API of a server, request by request. Follows no redirects. Thread-safe.</summary>
internal sealed class RegistryApi : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>The API of a server.</summary>
    public RegistryApi(Uri server) =>
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 64 }) { BaseAddress = server };

    /// <summary>Sends a request and reads the whole answer.</summary>
    public async Task<ApiAnswer> SendAsync(
        string method, string path, CancellationToken cancellationToken, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.RelativeOrAbsolute)) { Content = body };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        var received = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new ApiAnswer(response.StatusCode, received, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>GET.</summary>
    public Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        SendAsync("GET", path, cancellationToken, null, headers);

    /// <summary>Begins an upload and gives its location.</summary>
    public async Task<string> BeginAsync(string repository, CancellationToken cancellationToken, string query = "") =>
        (await SendAsync("POST", $"/v2/{repository}/blobs/uploads/{query}", cancellationToken)).Expect(HttpStatusCode.Accepted).Location;

    /// <summary>Sends a chunk.</summary>
    public Task<ApiAnswer> PatchAsync(string location, byte[] bytes, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        SendAsync("PATCH", location, cancellationToken, Bytes(bytes), headers);

    /// <summary>Ends an upload, with a last chunk or without.</summary>
    public Task<ApiAnswer> FinishAsync(
        string location, string digest, CancellationToken cancellationToken, byte[]? bytes = null, params (string Name, string Value)[] headers) =>
        SendAsync("PUT", $"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={digest}", cancellationToken, Bytes(bytes ?? []), headers);

    /// <summary>Pushes a blob by POST and PUT.</summary>
    public async Task<Digest> PushBlobAsync(string repository, byte[] bytes, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(DigestAlgorithm.Sha256, bytes);
        var location = await BeginAsync(repository, cancellationToken);
        (await FinishAsync(location, digest.ToString(), cancellationToken, bytes)).Expect(HttpStatusCode.Created);
        return digest;
    }

    /// <summary>Pushes a manifest; the answer may be a refusal.</summary>
    public Task<ApiAnswer> PutManifestAsync(string repository, string reference, string json, CancellationToken cancellationToken, string? mediaType = MediaType.OciManifest)
    {
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        body.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        return SendAsync("PUT", $"/v2/{repository}/manifests/{reference}", cancellationToken, body);
    }

    /// <summary>Pushes a manifest, which must be taken.</summary>
    public async Task<Digest> PushManifestAsync(
        string repository, string reference, string json, CancellationToken cancellationToken, string? mediaType = MediaType.OciManifest)
    {
        (await PutManifestAsync(repository, reference, json, cancellationToken, mediaType)).Expect(HttpStatusCode.Created);
        return Digest.Of(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Pushes a config, a layer and an image of them, and gives the image's digest.</summary>
    public async Task<Digest> PushImageAsync(string repository, string reference, CancellationToken cancellationToken, string content = "layer")
    {
        var config = await PushBlobAsync(repository, "{}"u8.ToArray(), cancellationToken);
        var bytes = Encoding.UTF8.GetBytes(content);
        var layer = await PushBlobAsync(repository, bytes, cancellationToken);
        return await PushManifestAsync(repository, reference, ManifestJson.Image(config, 2, (layer, bytes.Length)), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static ByteArrayContent Bytes(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType.OctetStream);
        return content;
    }
}
