using System.Text;
using BenchmarkDotNet.Attributes;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Bench.Manifests;

public class ManifestReaderBenchmarks
{
    private byte[] _manifest = [];

    [Params(3, 30, 300)]
    public int Layers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var layers = Enumerable.Range(0, Layers).Select(i => Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", i));
        _manifest = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaType.OciManifest}}","config":{{Descriptor("application/vnd.oci.image.config.v1+json", -1)}},"layers":[{{string.Join(',', layers)}}]}""");
    }

    [Benchmark]
    public Manifest? Read() => ManifestReader.Read(_manifest);

    private static string Descriptor(string mediaType, int i) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{Digest.Of(DigestAlgorithm.Sha256, BitConverter.GetBytes(i))}}","size":{{1_000_000 + i}}}""";
}
