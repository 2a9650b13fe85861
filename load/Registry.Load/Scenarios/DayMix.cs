using System.Buffers.Binary;
using System.Security.Cryptography;
using Registry.Load.Clients;
using Registry.Load.Servers;
using Registry.Load.Simulations;

namespace Registry.Load.Scenarios;

/// <summary>What a registry of a company is asked in a day: 90 % manifests and HEADs, layers whose sizes have a long tail, some pushes, a few readers on slow lines.</summary>
internal static class DayMix
{
    /// <summary>The step whose latency is its pace.</summary>
    public const string SlowReader = "slow reader";

    private const string PushRepository = "load/push";
    private const int PushSize = 64 * 1024;
    private const int SlowBytesPerSecond = 256_000;

    // A Pareto distribution: half of the layers are below 300 KB, and the largest of forty has some 50 MB.
    private const double Shape = 0.7;
    private const long Smallest = 100_000;

    /// <summary>Said of it in reports.</summary>
    public const string Description =
        "Of 1,000 arrivals 500 are GETs of a manifest by tag, 400 HEADs of it, 80 GETs of layers (sizes by a Pareto distribution, 100 KB to 50 MB, all as likely), 16 pushes of 64 KB, and 4 readers of a layer of 1 MB at 256 KB/s";

    /// <summary>Sizes of so many layers, ascending.</summary>
    public static IReadOnlyList<long> Sizes(int layers) =>
        [.. Enumerable.Range(0, layers).Select(layer => (long)(Smallest * Math.Pow(1 - ((layer + 0.5) / layers), -1 / Shape)))];

    /// <summary>The steps.</summary>
    /// <param name="stand">Of which image.</param>
    /// <param name="seed">No two pushes of a seed are the same, and none is that of another seed.</param>
    /// <param name="slow">The layer that slow readers read.</param>
    public static IReadOnlyList<Step> Steps(WarmStand stand, int seed, int slow)
    {
        var layers = stand.Image.Layers.Select((_, index) => HttpRequest.Get(stand.LayerPath(index))).ToArray();
        return
        [
            Simulations.Steps.Get("manifest", WarmStand.ManifestPath, weight: 500),
            Simulations.Steps.Head("manifest, HEAD", WarmStand.ManifestPath, weight: 400),
            new Step("layer", (context, cancellation) => GetAsync(context, layers[(context.Number * 7) % layers.Length], cancellation), 80),
            new Step("push", (context, cancellation) => PushAsync(context, seed, cancellation), 16),
            new Step(SlowReader, (context, cancellation) => ReadSlowlyAsync(context, layers[slow], cancellation), 4),
        ];
    }

    private static async ValueTask<Response> GetAsync(StepContext context, byte[] request, CancellationToken cancellation) =>
        Response.Expect((await context.Connection.ExchangeAsync(request, context.Received, cancellation)).Status, 200);

    private static async ValueTask<Response> ReadSlowlyAsync(StepContext context, byte[] request, CancellationToken cancellation) =>
        Response.Expect((await PacedRead.RunAsync(context.Connection, request, SlowBytesPerSecond, context.Received, cancellation)).Status, 200);

    private static ValueTask<Response> PushAsync(StepContext context, int seed, CancellationToken cancellation)
    {
        var bytes = new byte[PushSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, seed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), context.Number);
        return BlobPush.RunAsync(context.Connection, PushRepository, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", bytes, cancellation);
    }
}
