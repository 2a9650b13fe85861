using Registry.Storage.Content;

namespace Registry.Testing.Images;

/// <summary>Bytes that can be read at any offset, as often as wanted, by several readers at once. Never held as a whole unless they are few.</summary>
public abstract class BlobContent
{
    private readonly Lazy<Digest> _digest;

    /// <summary>Content of a known length.</summary>
    protected BlobContent(long length)
    {
        Length = length;
        _digest = new Lazy<Digest>(Hash);
    }

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>SHA-256 of the whole, computed once, when first asked for, by streaming.</summary>
    public Digest Digest => _digest.Value;

    /// <summary>Fills the destination with the bytes from that offset on; the caller stays within <see cref="Length"/>.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    private Digest Hash()
    {
        using var hasher = new ContentHasher(DigestAlgorithm.Sha256);
        var buffer = new byte[64 * 1024];
        for (long offset = 0; offset < Length;)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - offset));
            Read(offset, piece);
            hasher.Append(piece);
            offset += piece.Length;
        }

        return hasher.Current();
    }
}
