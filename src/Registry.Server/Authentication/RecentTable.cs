using System.Diagnostics.CodeAnalysis;

namespace Registry.Server.Authentication;

/// <summary>
/// Remembers what was noted last, for a while, within bounds. Thread-safe; a look-up allocates nothing.
/// </summary>
/// <remarks>Two halves: when the newer one is full it becomes the older one, and what that held is forgotten.</remarks>
/// <param name="capacity">Most entries, of which at least half are those noted last.</param>
/// <param name="duration">How long an entry is remembered.</param>
/// <param name="time">The clock.</param>
/// <typeparam name="TKey">What is remembered.</typeparam>
/// <typeparam name="TValue">What is known of it.</typeparam>
internal sealed class RecentTable<TKey, TValue>(int capacity, TimeSpan duration, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly long _duration = (long)(duration.TotalSeconds * time.TimestampFrequency);
    private Dictionary<TKey, Entry> _newer = [];
    private Dictionary<TKey, Entry> _older = [];

    /// <summary>What is known of a key, if it was noted not too long ago.</summary>
    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            var isKnown = (_newer.TryGetValue(key, out var entry) || _older.TryGetValue(key, out entry)) && time.GetTimestamp() - entry.Noted < _duration;
            value = entry.Value;
            return isKnown;
        }
    }

    /// <summary>Notes what is known of a key now.</summary>
    public void Note(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (_newer.Count >= capacity / 2)
            {
                (_newer, _older) = (_older, _newer);
                _newer.Clear();
            }

            _newer[key] = new Entry(value, time.GetTimestamp());
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _newer.Clear();
            _older.Clear();
        }
    }

    private readonly record struct Entry(TValue Value, long Noted);
}
