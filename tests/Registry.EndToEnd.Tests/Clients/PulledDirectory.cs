using System.Security.Cryptography;
using Registry.Storage.Content;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Clients;

/// <summary>What skopeo's <c>dir:</c> form holds: blobs in files named by their hex, and <c>manifest.json</c>.</summary>
internal static class PulledDirectory
{
    /// <summary>Fails unless manifest, configuration and every layer are there, byte for byte.</summary>
    public static async Task AssertHoldsAsync(string directory, Image image, CancellationToken cancellationToken)
    {
        await AssertFileAsync(Path.Combine(directory, "manifest.json"), image.Manifest.Digest, cancellationToken);
        foreach (var blob in image.Blobs)
        {
            await AssertFileAsync(Path.Combine(directory, blob.Digest.Hex), blob.Digest, cancellationToken);
        }
    }

    private static async Task AssertFileAsync(string path, Digest expected, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var hash = await SHA256.HashDataAsync(file, cancellationToken);
        Assert.Equal(expected, Digest.FromHash(DigestAlgorithm.Sha256, hash));
    }
}
