using System.Diagnostics;
using System.Globalization;

namespace Registry.Load.Servers;

/// <summary>A scripted upstream in a process of its own, so that its CPU time and memory are nobody else's. One caller at a time. Disposal ends it.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly Process _process;

    private Upstream(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<Upstream> StartAsync(CancellationToken cancellation)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(Upstream).Assembly.Location, "upstream"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var port = await process.StandardOutput.ReadLineAsync(cancellation);
        return new Upstream(process, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>Sets the pace from now on.</summary>
    public async Task PaceAsync(Link link, CancellationToken cancellation) =>
        await AskAsync(string.Create(CultureInfo.InvariantCulture, $"pace {link.PerConnection} {link.Total} {link.RoundTrip.TotalMilliseconds:0}"), cancellation);

    /// <summary>Adds an image whose layers differ from all others and are made on the fly, and gives their digests.</summary>
    public async Task<string[]> AddImageAsync(string tag, long size, int layers, CancellationToken cancellation) =>
        (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"image {tag} {size} {layers}"), cancellation)).Split(' ');

    /// <summary>Starts counting anew.</summary>
    public Task ForgetAsync(CancellationToken cancellation) => AskAsync("forget", cancellation);

    /// <summary>Bytes of blobs sent, and most requests for blobs answered at the same time, looked at every 20 ms.</summary>
    public async Task<(long Bytes, int AtOnce)> CountAsync(CancellationToken cancellation)
    {
        var words = (await AskAsync("count", cancellation)).Split(' ');
        return (long.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
    }

    public static string ManifestPath(string tag) => $"/v2/{UpstreamCommands.Repository}/manifests/{tag}";

    public static string BlobPath(string digest) => $"/v2/{UpstreamCommands.Repository}/blobs/{digest}";

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(command.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return await _process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("The upstream has ended.");
    }
}
