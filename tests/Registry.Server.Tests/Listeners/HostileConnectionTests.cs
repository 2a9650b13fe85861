using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Registry.Server.Tests.Listeners;

/// <summary>What a front door must stand, byte by byte: each gets a 4xx or a closed connection, and nothing waits for ever.</summary>
public sealed partial class HostileConnectionTests
{
    /// <summary>A guard, not a measure.</summary>
    private const int Limit = 60_000;

    private static readonly ServerOptions Impatient = new()
    {
        ReadTimeout = TimeSpan.FromMilliseconds(300),
        IdleTimeout = TimeSpan.FromMilliseconds(300),
    };

    [Theory(Timeout = Limit)]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nhello")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost : x\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\nHost: x\n\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\nX: y\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: a/b\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://x/v2/ HTTP/1.1\r\nHost: y\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/3.7\r\nHost: x\r\n\r\n")]
    [InlineData("GET  /v2/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n")]
    [InlineData("\x16\x03\x01\x02\x00\x01")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Send_SmugglingForm_IsRefusedAndTheConnectionClosed(string request)
    {
        await using var server = await TestServer.StartAsync(options: Impatient);

        // What follows would be a second request to whoever reads the first one differently.
        var answer = await SendAsync(server, $"{request}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        AssertRefused(answer);
        Assert.InRange(AnyStatusLine().Count(answer), 0, 1);
        Assert.DoesNotContain(server.AccessLines, static line => line.Contains("smuggled", StringComparison.Ordinal));
    }

    [Theory(Timeout = Limit)]
    [InlineData("1.1", "Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("1.0", "Connection: keep-alive\r\nTransfer-Encoding: chunked")]
    public async Task Send_ContentLengthBesideChunked_IsReadAsChunkedAndTheConnectionClosed(string version, string headers)
    {
        await using var server = await TestServer.StartAsync(options: Impatient);

        var answer = await SendAsync(server, $"POST /v2/ HTTP/{version}\r\nHost: x\r\n{headers}\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(1, AnyStatusLine().Count(answer));
        Assert.DoesNotContain(server.AccessLines, static line => line.Contains("smuggled", StringComparison.Ordinal));
    }

    [Theory(Timeout = Limit)]
    [InlineData("")]
    [InlineData("GET /v2/")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nX: ")]
    [InlineData("POST /v2/a/blobs/uploads/?digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhello")]
    [InlineData("PUT /v2/a/manifests/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task Send_WhatIsNeverFinished_IsClosed(string request)
    {
        await using var server = await TestServer.StartAsync(options: Impatient);

        AssertRefused(await SendAsync(server, request));
    }

    [Fact(Timeout = Limit)]
    public async Task Send_HeadersDrippedForEver_IsClosed()
    {
        await using var server = await TestServer.StartAsync(options: Impatient);
        using var client = await ConnectAsync(server);
        await client.SendAsync(Encoding.ASCII.GetBytes("GET /v2/ HTTP/1.1\r\nHost: x\r\n"), TestContext.Current.CancellationToken);

        await DripAsync(client, "X: y\r\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Send_ChunksForEverToWhatReadsNone_IsClosed()
    {
        await using var server = await TestServer.StartAsync(options: Impatient);
        using var client = await ConnectAsync(server);
        await client.SendAsync(Encoding.ASCII.GetBytes("GET /v2/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), TestContext.Current.CancellationToken);

        await DripAsync(client, "1\r\nx\r\n");
    }

    [Fact(Timeout = Limit)]
    public async Task Send_HeadersBeyondTheBound_Is431()
    {
        await using var server = await TestServer.StartAsync(options: Impatient with { MaxRequestHeaderBytes = 4096 });

        var answer = await server.SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: x\r\nX: {new string('a', 5000)}\r\n\r\n");

        Assert.Equal(431, Status(answer));
    }

    [Fact(Timeout = Limit)]
    public async Task Send_ThousandsOfRequestsInARow_AllAreAnsweredInOrder()
    {
        const int Count = 2000;
        await using var server = await TestServer.StartAsync(options: Impatient);
        var flood = string.Concat(Enumerable.Repeat("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n", Count - 1)) + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        var answer = await server.SendRawAsync(flood);

        Assert.Equal(Count, StatusLine().Count(answer));
        Assert.EndsWith("healthy\n", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task Connect_MoreThanThereMayBe_AreClosedAndTheOthersServed()
    {
        await using var server = await TestServer.StartAsync(options: new ServerOptions { MaxConnections = 2 });
        using var first = await ConnectAsync(server);
        await ServeAsync(first);
        using var second = await ConnectAsync(server);
        await ServeAsync(second);
        using var third = await ConnectAsync(server);

        Assert.True(await IsClosedAsync(third));
        await ServeAsync(first);
    }

    // A TLS hello and a preface of HTTP/2 are answered in their own binary form, if at all.
    private static void AssertRefused(string answer) =>
        Assert.True(!answer.StartsWith("HTTP/", StringComparison.Ordinal) || Status(answer) is (>= 400 and < 500) or 505, answer);

    // Until the server closes; a reset, after which what was said may be lost, is closed as well.
    private static async Task<string> SendAsync(TestServer server, string request)
    {
        using var client = await ConnectAsync(server);
        await client.SendAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Reset.
        }

        return answer.ToString();
    }

    private static async Task ServeAsync(Socket client)
    {
        var token = TestContext.Current.CancellationToken;
        await client.SendAsync(Encoding.ASCII.GetBytes("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n"), token);
        var buffer = new byte[4096];
        var read = await client.ReceiveAsync(buffer, token);
        Assert.Equal(200, Status(Encoding.ASCII.GetString(buffer, 0, read)));
    }

    private static async Task<Socket> ConnectAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    // Ends only when the server has had enough.
    private static async Task DripAsync(Socket client, string drop)
    {
        var closed = IsClosedAsync(client);
        try
        {
            while (!closed.IsCompleted)
            {
                await client.SendAsync(Encoding.ASCII.GetBytes(drop), TestContext.Current.CancellationToken);
                await Task.WhenAny(closed, Task.Delay(20, TestContext.Current.CancellationToken));
            }
        }
        catch (SocketException)
        {
            // Closed while we were writing.
        }

        Assert.True(await closed);
    }

    private static async Task<bool> IsClosedAsync(Socket client)
    {
        var buffer = new byte[4096];
        try
        {
            while (await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
                // An answer may come before the end.
            }
        }
        catch (SocketException)
        {
            // Reset: closed all the more.
        }

        return true;
    }

    private static int Status(string answer) => int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);

    [GeneratedRegex("HTTP/1\\.1 200 OK", RegexOptions.None, 5000)]
    private static partial Regex StatusLine();

    [GeneratedRegex("HTTP/1\\.1 [0-9]{3} ", RegexOptions.None, 5000)]
    private static partial Regex AnyStatusLine();
}
