using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Trouble;

/// <summary>A disk that is full is a normal state: clients get their blobs, and what is local stays.</summary>
public sealed class DiskFullTests : ServerTest
{
    private const string Repository = "library/alpine";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_LargerThanTheDisk_IsPassedThrough()
    {
        await using var disk = await SmallDisk.MountAsync(DataDirectory, "8m", Token);
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, 20_000_000));
        await using var server = await StartMirrorAsync(upstream.Url);

        Assert.Equal(blob.Digest, await PullAsync(server, blob.Digest));
        Assert.Equal(blob.Digest, await PullAsync(server, blob.Digest));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_DiskFullOfMirroredBlobs_EvictsTheLeastRecentlyUsed()
    {
        await using var disk = await SmallDisk.MountAsync(DataDirectory, "20m", Token);
        await using var upstream = await StartUpstreamAsync();
        var first = upstream.Content.AddBlob(Repository, new SeededContent(1, 8_000_000));
        var second = upstream.Content.AddBlob(Repository, new SeededContent(2, 8_000_000));
        var third = upstream.Content.AddBlob(Repository, new SeededContent(3, 8_000_000));
        await using var server = await StartMirrorAsync(upstream.Url);
        Assert.Equal(first.Digest, await PullAsync(server, first.Digest));
        Assert.Equal(second.Digest, await PullAsync(server, second.Digest));
        await server.Process.WaitUntilAsync(_ => Task.FromResult(BlobsOnDisk() == 2), Token);
        Age(first.Digest, TimeSpan.FromDays(2));
        Age(second.Digest, TimeSpan.FromDays(1));

        Assert.Equal(third.Digest, await PullAsync(server, third.Digest));

        await server.Process.WaitUntilAsync(_ => Task.FromResult(IsOnDisk(third.Digest)), Token);
        Assert.False(IsOnDisk(first.Digest));
        Assert.True(IsOnDisk(second.Digest));
    }

    private static async Task<Digest> PullAsync(RegistryProcess server, Digest digest)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(server.Url, $"/v2/{Repository}/blobs/{digest}"), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var hasher = new ContentHasher(digest.Algorithm);
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, Token)) > 0)
        {
            hasher.Append(buffer.AsSpan(0, read));
        }

        return hasher.Current();
    }

    private string BlobPath(Digest digest) =>
        Path.Join(DataDirectory, "docker/registry/v2/blobs/sha256", digest.Hex[..2], digest.Hex, "data");

    private bool IsOnDisk(Digest digest) => File.Exists(BlobPath(digest));

    private int BlobsOnDisk()
    {
        var blobs = Path.Join(DataDirectory, "docker/registry/v2/blobs");
        return System.IO.Directory.Exists(blobs) ? System.IO.Directory.GetFiles(blobs, "data", SearchOption.AllDirectories).Length : 0;
    }

    private void Age(Digest digest, TimeSpan age)
    {
        var link = Path.Join(DataDirectory, "docker/registry/v2/repositories", Repository, "_layers/sha256", digest.Hex, "link");
        File.SetLastWriteTimeUtc(link, TimeProvider.System.GetUtcNow().UtcDateTime - age);
    }
}
