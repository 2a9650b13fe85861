using System.Buffers.Binary;

namespace Registry.Testing.Images;

/// <summary>Pseudo-random, incompressible bytes that follow from seed and offset alone, so that gigabytes need neither memory nor disk.</summary>
public sealed class SeededContent(ulong seed, long length) : BlobContent(length)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private readonly ulong _start = Mix(seed);

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (!destination.IsEmpty)
        {
            var value = Mix(_start + ((ulong)(offset >> 3) * GoldenGamma));
            var skip = (int)(offset & 7);
            if (skip == 0 && destination.Length >= sizeof(ulong))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
                destination = destination[sizeof(ulong)..];
                offset += sizeof(ulong);
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(word, value);
            var take = Math.Min(sizeof(ulong) - skip, destination.Length);
            word.Slice(skip, take).CopyTo(destination);
            destination = destination[take..];
            offset += take;
        }
    }

    // SplitMix64's finaliser: every bit of the counter reaches every bit of the word.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
