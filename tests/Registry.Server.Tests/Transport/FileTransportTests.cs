using System.Text;
using Registry.Storage.Content;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests.Transport;

/// <summary>Blobs that go from the file to the connection, plain and encrypted: every case on both.</summary>
public sealed class FileTransportTests : IAsyncDisposable
{
    private const string Name = "team/app";

    // Not a multiple of anything, and larger than one turn.
    private static readonly byte[] Large = Bytes(9_000_001);

    private TestServer _server = null!;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_OneConnection_GoesOnAfterBlobsOfAllSizes(bool tls)
    {
        await StartAsync(tls);
        await using var connection = await _server.ConnectAsync();
        foreach (var size in new[] { 0, 1, 4096, (16 << 10) - 1, 16 << 10, 100_000, (4 << 20) + 1, Large.Length })
        {
            var content = Large[..size];
            await connection.RequestAsync(Url(content));
            var (head, body) = await connection.ReadAnswerAsync();
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
            Assert.Equal(content, body);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_PipelinedRequests_AreAnsweredInTurn(bool tls)
    {
        await StartAsync(tls);
        await using var connection = await _server.ConnectAsync();
        var url = Url(Large);
        await connection.RequestAsync(url);
        await connection.RequestAsync(url, "", "HEAD");
        await connection.RequestAsync(url, "Range: bytes=100000-199999\r\n");
        await connection.RequestAsync(url, "If-None-Match: *\r\n");
        await connection.RequestAsync(url, $"Range: bytes={Large.Length}-\r\n");
        await connection.RequestAsync(url, "Connection: close\r\n");
        Assert.Equal(Large, (await connection.ReadAnswerAsync()).Body);
        Assert.Contains($"\r\nContent-Length: {Large.Length}\r\n", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(Large[100_000..200_000], (await connection.ReadAnswerAsync()).Body);
        Assert.StartsWith("HTTP/1.1 304 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 416 ", (await connection.ReadAnswerAsync()).Head, StringComparison.Ordinal);
        Assert.Equal(Large, (await connection.ReadAnswerAsync()).Body);
        Assert.Empty(await connection.ReadToEndAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_Http10Client_GetsTheBlobAndTheEnd(bool tls)
    {
        await StartAsync(tls);
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(Large), version: "1.0");
        Assert.Equal(Large, (await connection.ReadAnswerAsync()).Body);
        Assert.Empty(await connection.ReadToEndAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_FileThatShrinks_BreaksTheConnectionAndSendsNoWrongByte(bool tls)
    {
        await StartAsync(tls);
        var content = Bytes(64 << 20);
        var digest = _server.AddBlob(Name, content);
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(digest));
        await connection.ReadHeadAsync();
        _server.Truncate(digest, 40 << 20);
        var body = await connection.ReadToEndAsync();
        Assert.InRange(body.Length, 0, 40 << 20);
        Assert.True(content.AsSpan(0, body.Length).SequenceEqual(body));
        Assert.StartsWith("499 ", Assert.Single(await _server.AccessLinesAsync(1)).Split('"')[2].Trim(), StringComparison.Ordinal);
        Assert.Contains(_server.LogLines, line => line.Contains("The blob is shorter than it was.", StringComparison.Ordinal));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_ClientThatResets_EndsTheTransferAndIsCountedForWhatItTook(bool tls)
    {
        await StartAsync(tls);
        var content = Bytes(64 << 20);
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(content));
        await connection.ReadHeadAsync();
        await connection.ReadAsync(1 << 20);
        connection.Reset();
        var fields = Assert.Single(await _server.AccessLinesAsync(1)).Split('"')[2].Trim().Split(' ');
        Assert.Equal("499", fields[0]);
        Assert.InRange(long.Parse(fields[1], null), 1 << 20, content.Length - 1);

        // A client that leaves is no trouble of the server's.
        Assert.DoesNotContain(_server.LogLines, line => line.Contains("broken off", StringComparison.Ordinal));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_ClientThatTakesNothing_IsGivenUpAfterTheWriteTimeout(bool tls)
    {
        await StartAsync(tls, new ServerOptions { WriteTimeout = TimeSpan.FromMilliseconds(200) });
        var content = Bytes(64 << 20);
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(content));
        Assert.Contains("\" 499 ", Assert.Single(await _server.AccessLinesAsync(1)), StringComparison.Ordinal);
        Assert.InRange((await connection.ReadToEndAsync()).Length, 0, content.Length - 1);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stop_TransferUnderWay_FinishesFirst(bool tls)
    {
        await StartAsync(tls);
        var content = Bytes(32 << 20);
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(content));
        await connection.ReadHeadAsync();
        var stop = _server.StopAsync();
        Assert.Equal(content, await connection.ReadAsync(content.Length));
        await stop;
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Stop_ClientThatTakesNothing_IsBrokenOffAfterTheDrainTime(bool tls)
    {
        await StartAsync(tls, new ServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(200) });
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(Bytes(64 << 20)));
        await connection.ReadHeadAsync();
        await _server.StopAsync();
        Assert.StartsWith(" 499 ", Assert.Single(await _server.AccessLinesAsync(1)).Split('"')[2], StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Get_SeveralRanges_AreThePartsInTheOrderAsked(bool tls)
    {
        await StartAsync(tls);
        await using var connection = await _server.ConnectAsync();
        await connection.RequestAsync(Url(Large), "Range: bytes=5000000-8999999,10-19,-1,99999999-,100000-199999\r\n");
        var (head, body) = await connection.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 206 ", head, StringComparison.Ordinal);
        var boundary = head.Split("boundary=")[1].Split("\r\n")[0];
        Assert.Contains($"\r\nContent-Type: multipart/byteranges; boundary={boundary}\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Range", head, StringComparison.Ordinal);
        using var expected = new MemoryStream();
        var separator = "";
        foreach (var (first, end) in new[] { (5_000_000, 9_000_000), (10, 20), (9_000_000, 9_000_001), (100_000, 200_000) })
        {
            expected.Write(Encoding.ASCII.GetBytes(
                $"{separator}--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes {first}-{end - 1}/{Large.Length}\r\n\r\n"));
            expected.Write(Large.AsSpan(first, end - first));
            separator = "\r\n";
        }

        expected.Write(Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"));
        Assert.Equal(expected.ToArray(), body);
        await connection.RequestAsync(Url(Large), "Range: bytes=0-0,5-99999999\r\n");
        Assert.StartsWith("HTTP/1.1 206 ", (await connection.ReadAnswerAsync()).Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnixSocket_GoesOnAfterBlobsOfAllSizesAndBreaksOffWhatShrinks()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("socket");
        _server = await TestServer.StartAsync(options: new ServerOptions { UnixSocket = true, Address = path });
        await using var connection = await RawConnection.OpenAsync(path);
        foreach (var size in new[] { 0, 1, (16 << 10) - 1, 100_000, Large.Length })
        {
            await connection.RequestAsync(Url(Large[..size]));
            var (head, body) = await connection.ReadAnswerAsync();
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
            Assert.Equal(Large[..size], body);
        }

        await connection.RequestAsync(Url(Large), "Range: bytes=5000000-8999999,10-19\r\n");
        Assert.StartsWith("HTTP/1.1 206 ", (await connection.ReadAnswerAsync()).Head, StringComparison.Ordinal);
        var content = Bytes(64 << 20);
        var digest = _server.AddBlob(Name, content);
        await connection.RequestAsync(Url(digest));
        await connection.ReadHeadAsync();
        _server.Truncate(digest, 40 << 20);
        Assert.InRange((await connection.ReadToEndAsync()).Length, 0, 40 << 20);
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string Url(Digest digest) => $"/v2/{Name}/blobs/{digest}";

    private string Url(byte[] content) => Url(_server.AddBlob(Name, content));

    private async Task StartAsync(bool tls, ServerOptions? options = null)
    {
        options ??= new ServerOptions();
        _server = await TestServer.StartAsync(options: tls ? options with { Tls = TestTls.Options } : options);
    }
}
