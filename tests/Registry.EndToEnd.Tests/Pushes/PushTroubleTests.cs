using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Registry.EndToEnd.Conformance;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>Full disks, clients that leave or are slow, and several that push the same.</summary>
public sealed class PushTroubleTests : ServerTest
{
    private const string Repository = "team/app";

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Push_DiskFull_Is507AndTheSpaceComesBack(bool inOnePost, bool isChunked)
    {
        await using var disk = await SmallDisk.MountAsync(DataDirectory, "16m", Token);
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);
        var kept = await api.PushBlobAsync(Repository, Bytes(1, 2_000_000), Token);
        var large = Bytes(2, 20_000_000);
        var digest = Digest.Of(DigestAlgorithm.Sha256, large);

        for (var round = 0; round < 3; round++)
        {
            var path = inOnePost ? $"/v2/{Repository}/blobs/uploads/?digest={digest}" : await api.BeginAsync(Repository, Token);
            using var body = new ByteArrayContent(large);
            var answer = await api.SendAsync(inOnePost ? "POST" : "PATCH", path, Token, body, isChunked ? [("Transfer-Encoding", "chunked")] : []);
            answer.ExpectError((HttpStatusCode)507, "UNAVAILABLE");
            Assert.Equal(Digest.Of(DigestAlgorithm.Sha256, Bytes(1, 2_000_000)), (await api.GetAsync($"/v2/{Repository}/blobs/{kept}", Token)).Expect(HttpStatusCode.OK).Digest);
        }

        await api.PushBlobAsync(Repository, Bytes(3, 12_000_000), Token);
        Assert.DoesNotContain("unexpected", server.Process.Said);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_ThatWouldFillTheDisk_IsRefusedBeforeTheLastBytesAndSmallThingsStillFit()
    {
        // 1 % of it is kept free.
        const int Reserve = 1 << 20;
        await using var disk = await SmallDisk.MountAsync(DataDirectory, "100m", Token);
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);
        await api.PushImageAsync(Repository, "before", Token);
        var kept = await api.PushBlobAsync(Repository, Bytes(1, 60_000_000), Token);
        var location = await api.BeginAsync(Repository, Token);
        var free = disk.Free;
        var leastFree = free;

        // The client sends until it is told: how much it will be is not said before.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watch = WatchAsync();
        using var body = new ByteArrayContent(Bytes(2, 50_000_000));
        var refused = await api.SendAsync("PATCH", location, Token, body, ("Transfer-Encoding", "chunked"));
        await stop.CancelAsync();
        await watch;

        refused.ExpectError((HttpStatusCode)507, "UNAVAILABLE");
        Assert.InRange(leastFree, Reserve, free - 1);
        Assert.InRange(disk.Free, free - Reserve, long.MaxValue);
        (await api.GetAsync(location, Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
        Assert.Equal(kept, (await api.GetAsync($"/v2/{Repository}/blobs/{kept}", Token)).Expect(HttpStatusCode.OK).Digest);

        // Up to the reserve with what fits, and then what is small.
        var left = Bytes(3, (int)(disk.Free - Reserve - 100_000));
        await api.PushBlobAsync(Repository, left, Token);
        using var small = new ByteArrayContent(Bytes(4, 1_000_000));
        (await api.SendAsync("POST", $"/v2/{Repository}/blobs/uploads/?digest={Digest.Of(DigestAlgorithm.Sha256, Bytes(4, 1_000_000))}", Token, small))
            .ExpectError((HttpStatusCode)507, "UNAVAILABLE");
        var manifest = ManifestJson.Image(Digest.Of(DigestAlgorithm.Sha256, "{}"u8), 2, (kept, 60_000_000));
        var pushed = await api.PushManifestAsync(Repository, "full", manifest, Token);
        Assert.Equal(pushed, (await api.GetAsync($"/v2/{Repository}/manifests/full", Token)).Expect(HttpStatusCode.OK).Digest);
        Assert.DoesNotContain("unexpected", server.Process.Said);

        async Task WatchAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                leastFree = Math.Min(leastFree, disk.Free);
                await Task.Yield();
            }
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_DiskFullOfMirroredCopies_DropsSomeForIt()
    {
        await using var disk = await SmallDisk.MountAsync(DataDirectory, "20m", Token);
        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartMirrorAsync(upstream.Url);
        using var api = new RegistryApi(server.Url);
        var path = await MirrorAsync(upstream, server, api);

        // A length alone drops nothing.
        using var liar = await SendPartAsync(server, $"POST /v2/{Repository}/blobs/uploads/?digest={Digest.Of(DigestAlgorithm.Sha256, "x"u8)}", 1L << 50, new byte[] { 1 });
        Assert.StartsWith("HTTP/1.1 507 ", await ReceiveAsync(liar));
        Assert.Equal("hit", (await api.SendAsync("HEAD", path, Token)).Header("X-Cache"));

        var pushed = await api.PushBlobAsync(Repository, Bytes(2, 12_000_000), Token);

        (await api.GetAsync($"/v2/{Repository}/blobs/{pushed}", Token)).Expect(HttpStatusCode.OK);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Patch_ClientLeavesInTheMiddle_TheSessionKeepsWhatItHad()
    {
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);
        var content = Bytes(1, 3_000_000);
        var location = await api.BeginAsync(Repository, Token);
        (await api.PatchAsync(location, content[..1_000_000], Token)).Expect(HttpStatusCode.Accepted);

        using (var socket = await SendPartAsync(server, $"PATCH {location}", content.Length - 1_000_000, content.AsMemory(1_000_000, 1_000_000)))
        {
            var data = Path.Join(DataDirectory, "docker/registry/v2/repositories", Repository, "_uploads", location.Split('/')[^1], "data");
            await server.Process.WaitUntilAsync(_ => Task.FromResult(new FileInfo(data).Length > 1_500_000), Token);
        }

        var state = (await api.GetAsync(location, Token)).Expect(HttpStatusCode.NoContent);
        var held = int.Parse(state.Header("Range")!.AsSpan(2), CultureInfo.InvariantCulture) + 1;
        Assert.InRange(held, 1_500_000, 2_000_000);
        var rest = (await api.FinishAsync(
            location, Digest.Of(DigestAlgorithm.Sha256, content).ToString(), Token, content[held..], ("Content-Range", $"{held}-{content.Length - 1}"))).Expect(HttpStatusCode.Created);
        Assert.Equal(content, (await api.GetAsync(rest.Location, Token)).Expect(HttpStatusCode.OK).Body);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Push_OneBlobAndOneTagByManyAtOnce_AllSucceed()
    {
        await using var server = await StartPrivateAsync();
        using var api = new RegistryApi(server.Url);
        var content = Bytes(1, 2_000_000);

        var pushed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PushBlobAsync(Repository, content, Token)));
        var images = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => api.PushImageAsync(Repository, "latest", Token, $"layer {i % 2}")));

        Assert.Equal(content, (await api.GetAsync($"/v2/{Repository}/blobs/{pushed[0]}", Token)).Expect(HttpStatusCode.OK).Body);
        Assert.Contains((await api.GetAsync($"/v2/{Repository}/manifests/latest", Token)).Expect(HttpStatusCode.OK).Digest, images);
        foreach (var digest in images.Distinct())
        {
            (await api.GetAsync($"/v2/{Repository}/manifests/{digest}", Token)).Expect(HttpStatusCode.OK);
        }

        var uploads = Path.Join(DataDirectory, "docker/registry/v2/repositories", Repository, "_uploads");
        Assert.Empty(System.IO.Directory.EnumerateDirectories(uploads));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Patch_SenderThatStopsSending_IsToldAndGivenUp()
    {
        await using var server = await StartWithReadTimeoutAsync("1s");
        using var api = new RegistryApi(server.Url);
        var location = await api.BeginAsync(Repository, Token);

        using var socket = await SendPartAsync(server, $"PATCH {location}", 1_000_000, Bytes(1, 200_000));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, Token)) > 0)
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        Assert.StartsWith("HTTP/1.1 408 ", answer.ToString());
        Assert.Contains("has sent nothing for 1 s", answer.ToString());
        (await api.GetAsync(location, Token)).Expect(HttpStatusCode.NoContent);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Patch_SenderThatIsSlowAllTheTime_IsServed()
    {
        const int Count = 30;
        await using var server = await StartWithReadTimeoutAsync("2s");
        using var api = new RegistryApi(server.Url);
        var location = await api.BeginAsync(Repository, Token);

        // 3 s in all, never 2 s without a byte.
        using var socket = await SendPartAsync(server, $"PATCH {location}", Count, new byte[] { 0 });
        for (var i = 1; i < Count; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
            await socket.SendAsync(new byte[] { (byte)i }, Token);
        }

        Assert.StartsWith("HTTP/1.1 202 ", await ReceiveAsync(socket));
    }

    // Brings a blob that fills most of the disk, and lets it be old enough to be dropped.
    private async Task<string> MirrorAsync(ScriptedUpstream upstream, RegistryProcess server, RegistryApi api)
    {
        var mirrored = upstream.Content.AddBlob("owner/image", new SeededContent(1, 14_000_000));
        var path = $"/v2/owner/image/blobs/{mirrored.Digest}";
        (await api.GetAsync(path, Token)).Expect(HttpStatusCode.OK);
        await server.Process.WaitUntilAsync(async token => (await api.SendAsync("HEAD", path, token)).Header("X-Cache") == "hit", Token);
        var link = Path.Join(DataDirectory, "docker/registry/v2/repositories/owner/image/_layers/sha256", mirrored.Digest.Hex, "link");
        File.SetLastWriteTimeUtc(link, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1));
        return path;
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, Token);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<Socket> SendPartAsync(RegistryProcess server, string methodAndPath, long length, ReadOnlyMemory<byte> part)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, Token);
        var head = $"{methodAndPath} HTTP/1.1\r\nHost: {server.Host}\r\nContent-Length: {length}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head), Token);
        for (var sent = 0; sent < part.Length;)
        {
            sent += await socket.SendAsync(part[sent..], Token);
        }

        return socket;
    }

    private Task<RegistryProcess> StartWithReadTimeoutAsync(string timeout)
    {
        var port = FreePort.Find();
        return RegistryProcess.StartAsync(
            PrivateRegistry.Configuration(DataDirectory, port, http: $"timeout: {{read: {timeout}}}"), port, ConfigurationFile, Token);
    }
}
