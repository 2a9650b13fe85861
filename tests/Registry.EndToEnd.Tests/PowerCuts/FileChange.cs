namespace Registry.EndToEnd.PowerCuts;

/// <summary>Something done to a file that may not be on the disk yet.</summary>
/// <param name="At">When: a number that grows.</param>
/// <param name="Offset">Where the bytes go; without any: the file's new length.</param>
/// <param name="Bytes">The bytes; null for a change of the length.</param>
internal sealed record FileChange(long At, long Offset, byte[]? Bytes);
