using Microsoft.Win32.SafeHandles;
using Registry.Storage.Content;

namespace Registry.Storage.Blobs;

/// <summary>One open file of a blob and how many hold it; who makes it holds it. Thread-safe.</summary>
internal sealed class OpenFile(Digest digest, SafeFileHandle handle)
{
    private int _holders = 1;

    public Digest Digest { get; } = digest;

    public SafeFileHandle Handle { get; } = handle;

    /// <summary>Length in bytes: what is stored never changes.</summary>
    public long Length { get; } = RandomAccess.GetLength(handle);

    /// <summary>One more holder. Only for who knows that there is one.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>One holder less; the last closes the file.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Handle.Dispose();
        }
    }
}
