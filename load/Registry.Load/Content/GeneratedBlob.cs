using System.Security.Cryptography;

namespace Registry.Load.Content;

/// <summary>Bytes that do not compress, the same for the same seed, in a temporary file. Disposal removes it.</summary>
internal sealed class GeneratedBlob : IDisposable
{
    private GeneratedBlob(string path, string digest, long size)
    {
        Path = path;
        Digest = digest;
        Size = size;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    public string Digest { get; }

    /// <summary>In bytes.</summary>
    public long Size { get; }

    public static async Task<GeneratedBlob> CreateAsync(int seed, long size, CancellationToken cancellation)
    {
        var path = System.IO.Path.GetTempFileName();
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

        return new GeneratedBlob(path, $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}", size);
    }

    public Stream Open() => File.OpenRead(Path);

    public void Dispose() => File.Delete(Path);
}
