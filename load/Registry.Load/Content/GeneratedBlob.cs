using System.Security.Cryptography;

namespace Registry.Load.Content;

/// <summary>Bytes that do not compress, the same for the same seed, in a temporary file. Disposal removes it.</summary>
internal sealed class GeneratedBlob : IDisposable
{
    private readonly string _path;

    private GeneratedBlob(string path, string digest)
    {
        _path = path;
        Digest = digest;
    }

    public string Digest { get; }

    public static async Task<GeneratedBlob> CreateAsync(int seed, long size, CancellationToken cancellation)
    {
        var path = Path.GetTempFileName();
        var random = new Random(seed);
        var piece = new byte[1 << 20];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.Create(path);
        for (var left = size; left > 0; left -= piece.Length)
        {
            random.NextBytes(piece);
            var count = (int)Math.Min(piece.Length, left);
            hash.AppendData(piece, 0, count);
            await file.WriteAsync(piece.AsMemory(0, count), cancellation);
        }

        return new GeneratedBlob(path, $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    public Stream Open() => File.OpenRead(_path);

    public void Dispose() => File.Delete(_path);
}
