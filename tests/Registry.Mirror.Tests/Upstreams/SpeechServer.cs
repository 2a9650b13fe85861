using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Registry.Mirror.Tests.Upstreams;

/// <summary>Waits for any bytes, says one thing and hangs up; again and again, since a GET whose connection closes without an answer is sent once more.</summary>
internal sealed class SpeechServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _speech;
    private readonly Task _serving;

    public SpeechServer(string speech)
    {
        _speech = Encoding.ASCII.GetBytes(speech);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var request = new byte[4096];
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            if (await client.GetStream().ReadAsync(request, _end.Token) > 0)
            {
                await client.GetStream().WriteAsync(_speech, _end.Token);
            }
        }
    }
}
