namespace Registry.Storage.Ingests;

/// <summary>A range of bytes of a blob.</summary>
/// <param name="First">Offset of its first byte.</param>
/// <param name="End">Offset after its last byte.</param>
public readonly record struct Segment(long First, long End)
{
    /// <summary>How many bytes it holds.</summary>
    public long Length => End - First;
}
