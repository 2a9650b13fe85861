namespace Registry.Testing.Images;

/// <summary>Content that is at hand: manifests, configurations, error bodies.</summary>
public sealed class MemoryContent(ReadOnlyMemory<byte> bytes) : BlobContent(bytes.Length)
{
    /// <summary>The content of a text in UTF-8.</summary>
    public MemoryContent(string text)
        : this(System.Text.Encoding.UTF8.GetBytes(text))
    {
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> destination) =>
        bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
}
