using System.Security.Cryptography;

namespace Registry.Storage.Content;

/// <summary>What is known of each <see cref="DigestAlgorithm"/>: its registered name, its size, its hash function.</summary>
public static class DigestAlgorithms
{
    /// <summary>Size of the hash in bytes; 0 for <see cref="DigestAlgorithm.None"/>.</summary>
    public static int Size(this DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => SHA256.HashSizeInBytes,
        DigestAlgorithm.Sha512 => SHA512.HashSizeInBytes,
        _ => 0,
    };

    /// <summary>The name that stands before the colon of a digest and as a directory in the store.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The algorithm is <see cref="DigestAlgorithm.None"/>.</exception>
    public static string Name(this DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => "sha256",
        DigestAlgorithm.Sha512 => "sha512",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>The algorithm of that registered name, exactly; false for any other.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out DigestAlgorithm algorithm)
    {
        algorithm = name switch
        {
            "sha256" => DigestAlgorithm.Sha256,
            "sha512" => DigestAlgorithm.Sha512,
            _ => DigestAlgorithm.None,
        };
        return algorithm != DigestAlgorithm.None;
    }

    internal static HashAlgorithmName HashName(this DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        DigestAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
