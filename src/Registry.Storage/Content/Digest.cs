using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Registry.Storage.Content;

/// <summary>
/// A content digest: algorithm and raw hash. Parsed once where it enters the program, compared and looked up without allocation after that.
/// Immutable and thread-safe. <c>default</c> names no content and is never the result of a parse.
/// </summary>
/// <remarks>OCI image specification, "Digests": <c>algorithm:encoded</c>, the encoded part in lower-case hexadecimal and of the algorithm's exact length.</remarks>
public readonly struct Digest : IEquatable<Digest>
{
    private static readonly SearchValues<char> UpperCase = SearchValues.Create("ABCDEF");

    private readonly HashBytes _hash;

    private Digest(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        Algorithm = algorithm;
        hash.CopyTo(_hash);
    }

    /// <summary>The hash function; <see cref="DigestAlgorithm.None"/> only for <c>default</c>.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>The hash in lower-case hexadecimal, without the algorithm. Allocates.</summary>
    public string Hex => Convert.ToHexStringLower(Hash);

    [UnscopedRef]
    private ReadOnlySpan<byte> Hash => ((ReadOnlySpan<byte>)_hash)[..Algorithm.Size()];

    /// <summary>The digest whose raw hash this is.</summary>
    /// <exception cref="ArgumentException">The hash does not have the algorithm's length.</exception>
    public static Digest FromHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        if (algorithm == DigestAlgorithm.None || hash.Length != algorithm.Size())
        {
            throw new ArgumentException($"A {algorithm} hash of {hash.Length} bytes.", nameof(hash));
        }

        return new Digest(algorithm, hash);
    }

    /// <summary>The digest of bytes that are at hand.</summary>
    public static Digest Of(DigestAlgorithm algorithm, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        var written = CryptographicOperations.HashData(algorithm.HashName(), content, hash);
        return new Digest(algorithm, hash[..written]);
    }

    /// <summary>Parses <c>sha256:…</c> or <c>sha512:…</c>; false for anything else, upper-case hexadecimal included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Digest digest)
    {
        digest = default;
        var colon = text.IndexOf(':');
        if (colon < 0 || !DigestAlgorithms.TryParse(text[..colon], out var algorithm))
        {
            return false;
        }

        return TryParse(algorithm, text[(colon + 1)..], out digest);
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out Digest)"/>, of UTF-8. Allocates nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Digest digest)
    {
        digest = default;
        Span<char> text = stackalloc char["sha512:".Length + (2 * SHA512.HashSizeInBytes)];
        return utf8.Length <= text.Length && Ascii.ToUtf16(utf8, text, out var length) == OperationStatus.Done && TryParse(text[..length], out digest);
    }

    /// <summary>Parses the hexadecimal part of a digest whose algorithm is known.</summary>
    public static bool TryParse(DigestAlgorithm algorithm, ReadOnlySpan<char> hex, out Digest digest)
    {
        digest = default;
        var size = algorithm.Size();
        if (size == 0 || hex.Length != 2 * size || hex.ContainsAny(UpperCase))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        if (Convert.FromHexString(hex, hash, out _, out var written) != OperationStatus.Done)
        {
            return false;
        }

        digest = new Digest(algorithm, hash[..written]);
        return true;
    }

    /// <summary>Parses a digest that must be right.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is no digest.");

    /// <inheritdoc/>
    public bool Equals(Digest other) => Algorithm == other.Algorithm && Hash.SequenceEqual(other.Hash);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Digest other && Equals(other);

    /// <summary>The first bytes of the hash: they are as good as random.</summary>
    public override int GetHashCode() => MemoryMarshal.Read<int>(_hash);

    /// <summary><c>algorithm:hex</c>, or the empty string for <c>default</c>. Allocates.</summary>
    public override string ToString() => Algorithm == DigestAlgorithm.None ? "" : $"{Algorithm.Name()}:{Hex}";

    /// <inheritdoc cref="Equals(Digest)"/>
    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    /// <inheritdoc cref="Equals(Digest)"/>
    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    [InlineArray(SHA512.HashSizeInBytes)]
    private struct HashBytes
    {
        private byte _first;
    }
}
