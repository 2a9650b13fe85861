using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Registry.Server.Tests;

/// <summary>A client that is no library: it says and sees every byte, and reads only when it is told to.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;

    private RawConnection(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        // Small, so that the server soon has to wait for who does not read.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 << 10 };
        await socket.ConnectAsync(server.Host, server.Port, Cancellation);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (server.Scheme == "https")
        {
            var tls = new SslStream(stream, false, static (_, certificate, _, _) => TestTls.IsServer(certificate));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, Cancellation);
            stream = tls;
        }

        return new RawConnection(socket, stream);
    }

    /// <summary>Connects to a Unix socket.</summary>
    public static async Task<RawConnection> OpenAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveBufferSize = 16 << 10 };
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), Cancellation);
        return new RawConnection(socket, new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Sends a GET, unless another method is named.</summary>
    public Task RequestAsync(string target, string headers = "", string method = "GET", string version = "1.1") =>
        _stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {target} HTTP/{version}\r\nHost: x\r\n{headers}\r\n"), Cancellation).AsTask();

    /// <summary>Sends a part of a body.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, Cancellation).AsTask();

    /// <summary>Reads the head of an answer: its status line and headers.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, Cancellation);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Reads so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, Cancellation);
        return bytes;
    }

    /// <summary>Reads an answer with a Content-Length to its end.</summary>
    public async Task<(string Head, byte[] Body)> ReadAnswerAsync()
    {
        var head = await ReadHeadAsync();
        var length = head.Split("\r\n").First(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))[16..];
        return (head, await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads until the server ends the connection, however it does, and gives what came.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all, Cancellation);
        }
        catch (IOException)
        {
            // A reset is an end too.
        }

        return all.ToArray();
    }

    /// <summary>Leaves without a word.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }
}
