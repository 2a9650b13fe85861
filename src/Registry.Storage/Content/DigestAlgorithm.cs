namespace Registry.Storage.Content;

/// <summary>The hash functions that a <see cref="Digest"/> may be made with: those that OCI's image specification registers and this store keeps.</summary>
public enum DigestAlgorithm : byte
{
    /// <summary>No algorithm: the value of <c>default(Digest)</c>, which names no content.</summary>
    None = 0,

    /// <summary>SHA-256: 32 bytes, 64 lower-case hexadecimal characters.</summary>
    Sha256 = 1,

    /// <summary>SHA-512: 64 bytes, 128 lower-case hexadecimal characters.</summary>
    Sha512 = 2,
}
