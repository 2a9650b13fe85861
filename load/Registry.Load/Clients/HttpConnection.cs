using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Registry.Load.Measures;
using Registry.Load.Servers;

namespace Registry.Load.Clients;

/// <summary>
/// One HTTP/1.1 connection, opened when first needed and again when it was closed. Bodies are thrown away: in the kernel, or over TLS in one buffer that is used again and again.
/// For one caller at a time.
/// </summary>
/// <param name="server">Address and scheme.</param>
/// <param name="certificate">The one to trust over TLS.</param>
/// <param name="receiveBuffer">Bytes of the socket's buffer; 0 leaves it to the kernel.</param>
/// <param name="source">The address to come from; null: the usual one.</param>
internal sealed class HttpConnection(Uri server, Certificate? certificate, int receiveBuffer = 0, IPAddress? source = null) : IDisposable
{
    private const int PlainBuffer = 16 * 1024;
    private const int TlsBuffer = 128 * 1024;

    private readonly byte[] _buffer = new byte[certificate is null ? PlainBuffer : TlsBuffer];
    private Socket? _socket;
    private SslStream? _tls;

    /// <summary>The socket, once open.</summary>
    public Socket Socket => _socket ?? throw new InvalidOperationException("The connection is not open.");

    /// <summary>Sends a request and reads the response to its end.</summary>
    /// <param name="request">Head and perhaps body.</param>
    /// <param name="received">Told of bytes of the body as they come.</param>
    /// <param name="cancellation">Gives up; the connection must be closed then.</param>
    /// <exception cref="IOException">The connection breaks, or the response is no HTTP/1.1 with a length.</exception>
    public async ValueTask<ResponseHead> ExchangeAsync(ReadOnlyMemory<byte> request, Throughput? received, CancellationToken cancellation)
    {
        await SendAsync(request, cancellation);
        return await ReceiveAsync(request.Span.StartsWith("HEAD "u8), received, cancellation);
    }

    /// <summary>Sends bytes, after connecting where that is needed.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_socket is null)
        {
            await OpenAsync(cancellation);
        }

        if (_tls is not null)
        {
            await _tls.WriteAsync(bytes, cancellation);
            return;
        }

        while (bytes.Length > 0)
        {
            bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }
    }

    /// <summary>Sends a file by sendfile(2). Not over TLS.</summary>
    public ValueTask SendFileAsync(string path, CancellationToken cancellation) => Socket.SendFileAsync(path, cancellation);

    /// <summary>Reads a response to its end.</summary>
    public async ValueTask<ResponseHead> ReceiveAsync(bool withoutBody, Throughput? received, CancellationToken cancellation)
    {
        var (head, left) = await ReceiveHeadAsync(withoutBody, cancellation);
        received?.Add((withoutBody ? 0 : head.Length) - left);
        while (left > 0)
        {
            var count = _tls is null ? Discarding.Take(Socket, left) : await _tls.ReadAsync(_buffer, cancellation);
            if (count < 0)
            {
                // Nothing is read: this only waits until something is there.
                await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
                continue;
            }

            left -= count > 0 ? count : throw new IOException($"the connection ended {left} bytes early");
            received?.Add(count);
        }

        if (head.Closes)
        {
            Close();
        }

        return head;
    }

    /// <summary>Reads a head, and tells how many bytes of the body have not been read with it.</summary>
    public async ValueTask<(ResponseHead Head, long Left)> ReceiveHeadAsync(bool withoutBody, CancellationToken cancellation)
    {
        for (var have = 0; have < _buffer.Length;)
        {
            var space = _buffer.AsMemory(have);
            var count = _tls is null ? await Socket.ReceiveAsync(space, SocketFlags.None, cancellation) : await _tls.ReadAsync(space, cancellation);
            have += count > 0 ? count : throw new IOException("the connection ended without a response");
            if (_buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                var head = ResponseHead.Parse(_buffer.AsSpan(0, end));
                if (head.Chunked && !withoutBody)
                {
                    throw new IOException("a chunked response, which this client does not read");
                }

                return (head, (withoutBody ? 0 : head.Length) - (have - end - 4));
            }
        }

        throw new IOException("a response head without an end");
    }

    /// <summary>Closes; the next request opens a new one.</summary>
    public void Close()
    {
        _tls?.Dispose();
        _socket?.Dispose();
        (_tls, _socket) = (null, null);
    }

    public void Dispose() => Close();

    private async ValueTask OpenAsync(CancellationToken cancellation)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            _socket.ReceiveBufferSize = receiveBuffer;
        }

        if (source is not null)
        {
            _socket.Bind(new IPEndPoint(source, 0));
        }

        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), cancellation);
        if (certificate is not null)
        {
            _tls = new SslStream(new NetworkStream(_socket), leaveInnerStreamOpen: false);
            await _tls.AuthenticateAsClientAsync(certificate.ClientOptions, cancellation);
        }
    }
}
