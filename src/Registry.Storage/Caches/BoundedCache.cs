using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Registry.Storage.Caches;

/// <summary>
/// What was lately read from the disk, within a bound of bytes. What has been asked for since it was last looked at for room stays a round longer. Thread-safe; a hit
/// takes no lock and allocates nothing.
/// </summary>
/// <remarks>
/// The disk is right, and a change to it is followed by <see cref="Remove"/> or <see cref="Clear"/>. A reader takes <see cref="Version"/> before it reads the disk: when
/// something was removed in between, what it read may be of the past and is not kept.
/// </remarks>
/// <param name="maxBytes">Most bytes, as their owner counts them.</param>
internal sealed class BoundedCache<TKey, TValue>(long maxBytes)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly LinkedList<Entry> _order = new();
    private readonly Lock _gate = new();
    private long _bytes;
    private long _version;

    /// <summary>Changes with every removal.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>What is remembered for a key.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            entry.IsUsed = true;
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Remembers what was read from the disk after <paramref name="version"/> was taken, unless something has been removed since, or it is too large.</summary>
    public void Add(TKey key, TValue value, int bytes, long version)
    {
        // One value must not drive out all the others.
        if (bytes > maxBytes / 8)
        {
            return;
        }

        lock (_gate)
        {
            var entry = new Entry(key, value, bytes);
            if (version != _version || !_entries.TryAdd(key, entry))
            {
                return;
            }

            entry.Node = _order.AddLast(entry);
            _bytes += bytes;
            while (_bytes > maxBytes)
            {
                var oldest = _order.First!;
                if (oldest.Value.IsUsed)
                {
                    oldest.Value.IsUsed = false;
                    _order.RemoveFirst();
                    _order.AddLast(oldest);
                }
                else
                {
                    Drop(oldest.Value);
                }
            }
        }
    }

    /// <summary>Forgets a key, whose value on the disk has changed.</summary>
    public void Remove(TKey key)
    {
        lock (_gate)
        {
            _version++;
            if (_entries.TryGetValue(key, out var entry))
            {
                Drop(entry);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _version++;
            _entries.Clear();
            _order.Clear();
            _bytes = 0;
        }
    }

    private void Drop(Entry entry)
    {
        _entries.TryRemove(entry.Key, out _);
        _order.Remove(entry.Node!);
        _bytes -= entry.Bytes;
    }

    private sealed class Entry(TKey key, TValue value, int bytes)
    {
        private volatile bool _isUsed;

        public TKey Key { get; } = key;

        public TValue Value { get; } = value;

        public int Bytes { get; } = bytes;

        public bool IsUsed
        {
            get => _isUsed;
            set => _isUsed = value;
        }

        public LinkedListNode<Entry>? Node { get; set; }
    }
}
