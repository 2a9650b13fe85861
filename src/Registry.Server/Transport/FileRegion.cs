using System.Buffers;

namespace Registry.Server.Transport;

/// <summary>
/// Memory that is none: it has a length, so that bytes of a file can be counted as written, but whoever would write there gets an exception. Thread-safe.
/// </summary>
internal sealed class FileRegion : MemoryManager<byte>
{
    private static readonly FileRegion Instance = new();

    /// <summary>A region of that many bytes.</summary>
    public static Memory<byte> Of(int length) => Instance.CreateMemory(length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => throw Unwritable();

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw Unwritable();

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private static InvalidOperationException Unwritable() => new("These bytes come from a file.");
}
