using System.Text;
using Registry.EndToEnd.Servers;
using Registry.Server.Tests;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>A private registry that holds one of everything, and a mirror in front of it.</summary>
public sealed class MirrorOfRegistry : IAsyncLifetime
{
    /// <summary>The repository that holds it.</summary>
    public const string Name = "team/app";

    private PrivateServer? _registry;
    private PrivateServer? _mirror;
    private RegistryApi? _direct;
    private RegistryApi? _mirrored;

    /// <summary>A layer of 2048 bytes that differ.</summary>
    public static byte[] Layer { get; } = [.. Enumerable.Range(0, 2048).Select(static i => (byte)(i * 7))];

    /// <summary>What is put in place of a word in a path.</summary>
    internal Dictionary<string, string> Digests { get; } = new(StringComparer.Ordinal)
    {
        ["NONE"] = Digest.Of(DigestAlgorithm.Sha256, "none"u8).ToString(),
        ["LAYER"] = Digest.Of(DigestAlgorithm.Sha256, Layer).ToString(),
        ["BIG"] = Digest.Of(DigestAlgorithm.Sha512, Layer).ToString(),
        ["EMPTY"] = Digest.Of(DigestAlgorithm.Sha256, []).ToString(),
    };

    /// <summary>The registry itself.</summary>
    internal RegistryApi Direct => _direct!;

    /// <summary>The mirror of it.</summary>
    internal RegistryApi Mirrored => _mirrored!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _registry = await PrivateServer.StartAsync();
        _direct = new RegistryApi(_registry.Url);
        _mirror = await PrivateServer.StartAsync(upstream: _registry.Url);
        _mirrored = new RegistryApi(_mirror.Url);
        await FillAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _mirrored?.Dispose();
        _direct?.Dispose();
        await (_mirror?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_registry?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task FillAsync(CancellationToken token)
    {
        var config = await Direct.PushBlobAsync(Name, "{}"u8.ToArray(), token);
        var layer = await Direct.PushBlobAsync(Name, Layer, token);
        await Direct.PushBlobAsync(Name, [], token);
        await Direct.FinishAsync(await Direct.BeginAsync(Name, token), Digests["BIG"], token, Layer);
        var image = await PushAsync("image", ManifestJson.Image(config, 2, (layer, Layer.Length)), MediaType.OciManifest, token);
        await PushAsync("docker", ManifestJson.Image(config, 2, (layer, Layer.Length)).Replace(MediaType.OciManifest, MediaType.DockerManifest, StringComparison.Ordinal), MediaType.DockerManifest, token);
        await PushAsync("untyped", $"{{\"schemaVersion\":2,\"config\":{ManifestJson.Descriptor("a/b", config, 2)}}}", MediaType.DockerManifest, token);
        var index = await PushAsync("index", ManifestJson.Index("", (MediaType.OciManifest, image, 400)), MediaType.OciIndex, token);
        await PushAsync("nested", ManifestJson.Index("", (MediaType.OciIndex, index, 400)), MediaType.OciIndex, token);
        var subject = $",\"subject\":{ManifestJson.Descriptor(MediaType.OciManifest, image, 400)},\"annotations\":{{\"a\":\"b\"}}";
        await PushAsync("sbom", ManifestJson.Image(config, 2, $",\"artifactType\":\"application/vnd.example.sbom\"{subject}", []), MediaType.OciManifest, token);
        await PushAsync("signature", ManifestJson.Image(config, 2, subject, [], "application/vnd.example.signature"), MediaType.OciManifest, token);
        await PushAsync("set", ManifestJson.Index($",\"artifactType\":\"application/vnd.example.sbom\"{subject}"), MediaType.OciIndex, token);
    }

    private async Task<Digest> PushAsync(string tag, string json, string mediaType, CancellationToken token)
    {
        var digest = await Direct.PushManifestAsync(Name, tag, json, token, mediaType);
        Digests[tag.ToUpperInvariant()] = digest.ToString();
        var sha512 = Digest.Of(DigestAlgorithm.Sha512, Encoding.UTF8.GetBytes(json)).ToString();
        await Direct.PushManifestAsync(Name, sha512, json, token, mediaType);
        Digests[$"{tag.ToUpperInvariant()}512"] = sha512;
        return digest;
    }
}
