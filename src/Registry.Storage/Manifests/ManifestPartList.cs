using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Registry.Storage.Manifests;

/// <summary>Collects parts in borrowed memory, so that only the array of them all is allocated. To be disposed once.</summary>
internal ref struct ManifestPartList
{
    private ManifestPart[]? _borrowed;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one at the end.</summary>
    public void Add(in ManifestPart part)
    {
        if (_borrowed is null || Count == _borrowed.Length)
        {
            Grow();
        }

        _borrowed![Count++] = part;
    }

    /// <summary>All of them, in the order in which they came.</summary>
    public readonly ImmutableArray<ManifestPart> ToImmutable() =>
        Count == 0 ? [] : ImmutableCollectionsMarshal.AsImmutableArray(_borrowed.AsSpan(0, Count).ToArray());

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose()
    {
        if (_borrowed is not null)
        {
            ArrayPool<ManifestPart>.Shared.Return(_borrowed);
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<ManifestPart>.Shared.Rent(Math.Max(16, 2 * Count));
        _borrowed.AsSpan(0, Count).CopyTo(larger);
        Dispose();
        _borrowed = larger;
    }
}
