using Microsoft.Win32.SafeHandles;
using Registry.Storage.Content;

namespace Registry.Storage.Blobs;

/// <summary>
/// The files of blobs that were read lately, kept open: opening costs more than reading a few bytes. Thread-safe.
/// </summary>
/// <remarks>A file belongs to everyone who holds it, this room included, and is closed by the last. What is removed from the store is dropped here, so that its space is free when its last reader leaves.</remarks>
internal sealed class OpenFiles : IDisposable
{
    /// <summary>Most files kept open beyond those that are being read.</summary>
    private const int MaxKept = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, LinkedListNode<OpenFile>> _files = [];
    private readonly LinkedList<OpenFile> _order = new();

    /// <summary>An open file, held for the caller; null when it is not open.</summary>
    public OpenFile? Find(Digest digest)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(digest, out var node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddLast(node);
            node.Value.Hold();
            return node.Value;
        }
    }

    /// <summary>Keeps a file that was just opened, and holds it for the caller.</summary>
    /// <param name="digest">What it holds.</param>
    /// <param name="handle">The file; from now on owned here.</param>
    /// <param name="isStored">Whether the blob still has its name: one that was removed in the meantime is not kept. Asked under the lock that <see cref="Drop(Digest)"/> takes.</param>
    public OpenFile Keep(Digest digest, SafeFileHandle handle, Func<bool> isStored)
    {
        var file = new OpenFile(digest, handle);
        lock (_gate)
        {
            if (!_files.ContainsKey(digest) && isStored())
            {
                file.Hold();
                _files.Add(digest, _order.AddLast(file));
                if (_files.Count > MaxKept)
                {
                    Drop(_order.First!);
                }
            }
        }

        return file;
    }

    /// <summary>Lets go of a file whose blob has been removed.</summary>
    public void Drop(Digest digest)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(digest, out var node))
            {
                Drop(node);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_order.First is { } node)
            {
                Drop(node);
            }
        }
    }

    private void Drop(LinkedListNode<OpenFile> node)
    {
        _files.Remove(node.Value.Digest);
        _order.Remove(node);
        node.Value.Release();
    }
}
