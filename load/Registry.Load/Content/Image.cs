using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Registry.Load.Content;

/// <summary>Puts a generated image into a registry that takes pushes, by the OCI distribution API.</summary>
internal static class Image
{
    public const string Tag = "latest";

    /// <summary>To be accepted by whoever asks for the manifest: docker-registry has it for nobody else.</summary>
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>Pushes an image of layers of these sizes and gives its digests.</summary>
    public static async Task<PushedImage> PushAsync(
        HttpClient client, Uri registry, string repository, int seed, IReadOnlyList<long> layers, CancellationToken cancellation)
    {
        var config = "{\"architecture\":\"amd64\",\"os\":\"linux\"}"u8.ToArray();
        var configDigest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(config))}";
        await PushBlobAsync(client, registry, repository, configDigest, new ByteArrayContent(config), cancellation);
        var digests = new List<string>();
        foreach (var (index, size) in layers.Index())
        {
            using var blob = await GeneratedBlob.CreateAsync(seed + index, size, cancellation);
            await using var file = blob.Open();
            await PushBlobAsync(client, registry, repository, blob.Digest, new StreamContent(file), cancellation);
            digests.Add(blob.Digest);
        }

        var descriptors = digests.Zip(layers, static (digest, size) =>
            $$"""{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{digest}}","size":{{size}}}""");
        var manifest =
            $$"""{"schemaVersion":2,"mediaType":"{{ManifestType}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{configDigest}}","size":{{config.Length}}},"layers":[{{string.Join(',', descriptors)}}]}""";
        var bytes = Encoding.UTF8.GetBytes(manifest);
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(ManifestType);
        using var answer = await client.PutAsync(new Uri(registry, $"/v2/{repository}/manifests/{Tag}"), content, cancellation);
        answer.EnsureSuccessStatusCode();
        return new PushedImage($"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", digests);
    }

    private static async Task PushBlobAsync(
        HttpClient client, Uri registry, string repository, string digest, HttpContent content, CancellationToken cancellation)
    {
        using var session = await client.PostAsync(new Uri(registry, $"/v2/{repository}/blobs/uploads/"), null, cancellation);
        session.EnsureSuccessStatusCode();
        var location = new Uri(registry, session.Headers.Location!);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await client.PutAsync(new Uri($"{location}&digest={digest}"), content, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
