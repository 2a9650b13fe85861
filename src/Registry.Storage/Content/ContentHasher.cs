using System.Security.Cryptography;

namespace Registry.Storage.Content;

/// <summary>
/// Hashes a stream of bytes as they come. One owner at a time; not thread-safe. Allocates nothing while bytes are added.
/// </summary>
public sealed class ContentHasher : IDisposable
{
    private readonly DigestAlgorithm _algorithm;
    private readonly IncrementalHash _hash;

    /// <summary>Starts the hash of no bytes.</summary>
    public ContentHasher(DigestAlgorithm algorithm)
    {
        _algorithm = algorithm;
        _hash = IncrementalHash.CreateHash(algorithm.HashName());
    }

    /// <summary>How many bytes have been added.</summary>
    public long Length { get; private set; }

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>The digest of all bytes so far; more may follow.</summary>
    public Digest Current()
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        var written = _hash.GetCurrentHash(hash);
        return Digest.FromHash(_algorithm, hash[..written]);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
