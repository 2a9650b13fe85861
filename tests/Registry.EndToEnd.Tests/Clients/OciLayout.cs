using System.Text;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing;

namespace Registry.EndToEnd.Clients;

/// <summary>An OCI image layout on disk with one artifact in it, for clients that push from such (OCI image specification, "Image Layout").</summary>
internal static class OciLayout
{
    /// <summary>Writes it and gives the digest of the artifact.</summary>
    /// <param name="directory">What it lies in.</param>
    /// <param name="tag">The artifact's name in it.</param>
    /// <param name="manifest">The artifact's manifest.</param>
    /// <param name="blobs">All that the manifest names.</param>
    public static Digest Write(TemporaryDirectory directory, string tag, string manifest, params byte[][] blobs)
    {
        var layout = directory.Subdirectory("layout");
        var content = Directory.CreateDirectory(Path.Join(layout, "blobs/sha256")).FullName;
        var bytes = Encoding.UTF8.GetBytes(manifest);
        foreach (var blob in blobs.Append(bytes))
        {
            File.WriteAllBytes(Path.Join(content, Digest.Of(DigestAlgorithm.Sha256, blob).Hex), blob);
        }

        var digest = Digest.Of(DigestAlgorithm.Sha256, bytes);
        var name = $",\"annotations\":{{\"org.opencontainers.image.ref.name\":\"{tag}\"}}";
        File.WriteAllText(Path.Join(layout, "oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        File.WriteAllText(
            Path.Join(layout, "index.json"),
            $"{{\"schemaVersion\":2,\"manifests\":[{ManifestJson.Descriptor(MediaType.OciManifest, digest, bytes.Length, name)}]}}");
        return digest;
    }
}
