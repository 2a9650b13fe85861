using System.Collections.Concurrent;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Mirror.Blobs;

/// <summary>
/// The sizes that manifests which passed through lately claim for their blobs: good enough for headers when an upstream is slow to tell. Thread-safe.
/// </summary>
public sealed class BlobSizes
{
    /// <summary>Most sizes held, about 2 MB; beyond it the memory is emptied and filled again by use.</summary>
    private const int MaxHeld = 16_384;

    private readonly ConcurrentDictionary<Digest, long> _sizes = new();
    private int _count;

    /// <summary>Takes note of what a manifest says; of one whose last word is known nothing is new.</summary>
    public void Note(Manifest manifest)
    {
        var contents = manifest.Contents;
        if (contents.IsEmpty || Find(contents[^1].Digest) is not null)
        {
            return;
        }

        foreach (var content in contents)
        {
            if (Interlocked.Increment(ref _count) > MaxHeld)
            {
                _sizes.Clear();
                Interlocked.Exchange(ref _count, 0);
            }

            _sizes[content.Digest] = content.Size;
        }
    }

    /// <summary>The size that some manifest claims for a blob; null when none did.</summary>
    public long? Find(Digest digest) => _sizes.TryGetValue(digest, out var size) ? size : null;
}
