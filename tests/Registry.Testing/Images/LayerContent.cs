using System.Text;

namespace Registry.Testing.Images;

/// <summary>An uncompressed layer that every client can unpack: a tar archive with one file of seeded bytes.</summary>
public sealed class LayerContent : BlobContent
{
    private const int BlockSize = 512;

    // The file's block of metadata, and the two empty blocks that end an archive.
    private const int Overhead = BlockSize + (2 * BlockSize);

    private readonly byte[] _header;
    private readonly SeededContent _file;

    /// <summary>An archive of that size, rounded up to whole tar blocks; at least 2048 bytes, below 8 GiB.</summary>
    public LayerContent(ulong seed, long size)
        : base(Blocks(size) * BlockSize)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(size, 8L << 30);
        _file = new SeededContent(seed, Length - Overhead);
        _header = Header($"layer-{seed}", _file.Length);
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination)
    {
        if (offset < BlockSize)
        {
            var part = _header.AsSpan((int)offset);
            part = part[..Math.Min(part.Length, destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            offset += part.Length;
        }

        var left = Math.Clamp(BlockSize + _file.Length - offset, 0, destination.Length);
        _file.Read(offset - BlockSize, destination[..(int)left]);
        destination[(int)left..].Clear();
    }

    private static long Blocks(long size) => Math.Max((size + BlockSize - 1) / BlockSize, 4);

    private static byte[] Header(string name, long size)
    {
        var header = new byte[BlockSize];
        void Put(int offset, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(offset));
        Put(0, name);
        Put(100, "0000644");
        Put(108, "0000000");
        Put(116, "0000000");
        Put(124, Octal(size, 11));
        Put(136, "00000000000");
        Put(148, "        ");
        Put(156, "0");
        Put(257, "ustar\0" + "00");
        Put(148, Octal(header.Sum(b => b), 6) + "\0 ");
        return header;
    }

    private static string Octal(long value, int digits) =>
        Convert.ToString(value, 8).PadLeft(digits, '0');
}
