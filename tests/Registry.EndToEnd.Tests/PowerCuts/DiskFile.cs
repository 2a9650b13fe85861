namespace Registry.EndToEnd.PowerCuts;

/// <summary>A file's bytes: those that were synced, and what was done since.</summary>
internal sealed class DiskFile : DiskNode
{
    private const int Page = 4096;

    private readonly List<FileChange> _pending = [];
    private byte[] _durable = [];

    /// <summary>Adds a change.</summary>
    public void Change(FileChange change) => _pending.Add(change);

    /// <summary>What was done until then is on the disk.</summary>
    public void Sync(long until)
    {
        var synced = _pending.TakeWhile(change => change.At <= until).ToList();
        if (synced.Count > 0)
        {
            _durable = Apply(synced, static _ => true);
            _pending.RemoveRange(0, synced.Count);
        }
    }

    /// <summary>What a power cut leaves: of what was not synced, any pages, and any length on the way.</summary>
    public byte[] After(PowerCut cut) => _pending.Count == 0 ? _durable : Apply(_pending, cut.Keeps);

    private byte[] Apply(IEnumerable<FileChange> changes, Func<FileChange, bool> keeps)
    {
        var bytes = _durable.AsSpan().ToArray();
        foreach (var change in changes.SelectMany(Pages).Where(keeps))
        {
            var end = (int)change.Offset + (change.Bytes?.Length ?? 0);
            if (change.Bytes is null || end > bytes.Length)
            {
                Array.Resize(ref bytes, end);
            }

            change.Bytes?.CopyTo(bytes, change.Offset);
        }

        return bytes;
    }

    private static IEnumerable<FileChange> Pages(FileChange change) =>
        change.Bytes is not { Length: > Page } bytes
            ? [change]
            : bytes.Chunk(Page).Select((page, i) => new FileChange(change.At, change.Offset + (i * Page), page));
}
