using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.EndToEnd.Tls;

/// <summary>Certificates change under a server that is busy.</summary>
public sealed class ReloadTests : TlsTest
{
    private const int Reloads = 20;
    private const int Clients = 4;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Reload_TwentyTimesUnderLoad_NoRequestFailsAndATransferGoesOn()
    {
        await WriteCertificatesAsync(Certificates);
        var port = FreePort.Find();
        await using var server = await StartTlsAsync(port, Configuration(port, ""));
        var url = new Uri($"https://localhost:{port}");
        using var api = CreateClient();
        var content = RandomNumberGenerator.GetBytes(16 << 20);
        var digest = Digest.Of(DigestAlgorithm.Sha256, content);
        var blob = await PushAsync(api, url, content, digest);
        using var transfer = await api.GetAsync(blob, HttpCompletionOption.ResponseHeadersRead, Token);
        await using var body = await transfer.Content.ReadAsStreamAsync(Token);

        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, Clients).Select(_ => AskAsync(new Uri(url, "/v2/"), stop.Token)).ToArray();
        var received = new MemoryStream();
        for (var i = 0; i < Reloads; i++)
        {
            using var next = new TestCertificates(TimeProvider.System);
            await ReplaceAsync(next, byRename: i % 2 == 0);
            await server.WaitUntilAsync(async token => (await PresentedAsync(port, "localhost", token))?.Thumbprint == next.Server.Thumbprint, Token);
            await CopyAsync(body, received, content.Length / Reloads);
        }

        await stop.CancelAsync();
        var served = await Task.WhenAll(load);
        await body.CopyToAsync(received, Token);
        Assert.Equal(digest, Digest.Of(DigestAlgorithm.Sha256, received.ToArray()));
        Assert.All(served, count => Assert.True(count >= Reloads, $"{count} requests of one client"));
        Assert.DoesNotContain("level=error", server.Said);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Reload_PairThatDoesNotFit_IsLoggedAndTheOldOneServed()
    {
        await WriteCertificatesAsync(Certificates);
        var port = FreePort.Find();
        await using var server = await StartTlsAsync(port, Configuration(port, ""));
        using var other = new TestCertificates(TimeProvider.System);

        await File.WriteAllTextAsync(CertificateFile, other.ServerPem, Token);
        await server.WaitUntilAsync(_ => Task.FromResult(server.Said.Contains("refused, the old pair stays in force", StringComparison.Ordinal)), Token);

        using var presented = await PresentedAsync(port, "localhost", Token);
        Assert.Equal(Certificates.Server.Thumbprint, presented!.Thumbprint);
    }

    // What is presented changes all the time; whether it is the right one is asked elsewhere.
    private static HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is X509Certificate2 },
    });

    // Each request on a connection of its own, so that each has a handshake.
    private static async Task<int> AskAsync(Uri url, CancellationToken stop)
    {
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            using var client = CreateClient();
            using var response = await client.GetAsync(url, Token);
            response.EnsureSuccessStatusCode();
            count++;
        }

        return count;
    }

    private static async Task<Uri> PushAsync(HttpClient client, Uri url, byte[] content, Digest digest)
    {
        using var begun = await client.PostAsync(new Uri(url, "/v2/a/blobs/uploads/"), null, Token);
        using var bytes = new ByteArrayContent(content);
        using var pushed = await client.PutAsync(new Uri(url, $"{begun.Headers.Location}?digest={digest}"), bytes, Token);
        pushed.EnsureSuccessStatusCode();
        return new Uri(url, $"/v2/a/blobs/{digest}");
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, int length)
    {
        var buffer = new byte[length];
        await from.ReadExactlyAsync(buffer, Token);
        await to.WriteAsync(buffer, Token);
    }

    private async Task ReplaceAsync(TestCertificates next, bool byRename)
    {
        foreach (var (path, text) in new[] { (CertificateFile, next.ServerPem), (KeyFile, next.ServerKeyPem) })
        {
            await File.WriteAllTextAsync(byRename ? path + ".new" : path, text, Token);
            if (byRename)
            {
                File.Move(path + ".new", path, overwrite: true);
            }
        }
    }
}
