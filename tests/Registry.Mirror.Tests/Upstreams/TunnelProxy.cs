using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Registry.Mirror.Tests.Upstreams;

/// <summary>A SOCKS5 and HTTP CONNECT proxy that leads everything to one port of 127.0.0.1 and remembers where it should have gone.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _serving;

    public TunnelProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<string> Wanted { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            while (true)
            {
                tunnels.Add(TunnelAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(tunnels).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TunnelAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var first = await ReadAsync(stream, 1);
            Wanted.Enqueue(first[0] == 5 ? await GreetSocksAsync(stream) : await GreetHttpAsync(stream, (char)first[0]));
            using var target = new TcpClient();
            await target.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            await Task.WhenAny(stream.CopyToAsync(target.GetStream(), _end.Token), target.GetStream().CopyToAsync(stream, _end.Token));
        }
    }

    private async Task<string> GreetSocksAsync(NetworkStream stream)
    {
        await ReadAsync(stream, (await ReadAsync(stream, 1))[0]);
        await stream.WriteAsync(new byte[] { 5, 0 }, _end.Token);
        var kind = (await ReadAsync(stream, 4))[3];
        var host = kind == 3
            ? Encoding.ASCII.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]))
            : new IPAddress(await ReadAsync(stream, kind == 1 ? 4 : 16)).ToString();
        var port = await ReadAsync(stream, 2);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, _end.Token);
        return $"{host}:{(port[0] << 8) | port[1]}";
    }

    private async Task<string> GreetHttpAsync(NetworkStream stream, char first)
    {
        var head = new StringBuilder().Append(first);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(stream, 1))[0]);
        }

        await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _end.Token);
        return head.ToString().Split(' ')[1];
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer, _end.Token);
        return buffer;
    }
}
