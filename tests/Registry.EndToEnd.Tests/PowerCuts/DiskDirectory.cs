namespace Registry.EndToEnd.PowerCuts;

/// <summary>A directory's names: those that were synced, and what was done since.</summary>
internal sealed class DiskDirectory : DiskNode
{
    private readonly Dictionary<string, DiskNode> _current = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long At, DiskNode? Node)> _durable = new(StringComparer.Ordinal);
    private readonly List<NameChange> _pending = [];

    /// <summary>What a name means; null when there is none.</summary>
    public DiskNode? Find(string name) => _current.GetValueOrDefault(name);

    /// <summary>Changes names, all at once.</summary>
    public static void Change(NameChange change)
    {
        foreach (var (directory, name, node) in change.Parts)
        {
            directory._current.Remove(name);
            if (node is not null)
            {
                directory._current.Add(name, node);
            }
        }

        foreach (var directory in change.Parts.Select(static part => part.Directory).Distinct())
        {
            directory._pending.Add(change);
        }
    }

    /// <summary>What was done until then is on the disk, the other half of a rename included.</summary>
    public void Sync(long until)
    {
        foreach (var change in _pending.Where(change => change.At <= until).ToList())
        {
            foreach (var (directory, name, node) in change.Parts)
            {
                directory._pending.Remove(change);
                if (!directory._durable.TryGetValue(name, out var last) || last.At < change.At)
                {
                    directory._durable[name] = (change.At, node);
                }
            }
        }
    }

    /// <summary>What a power cut leaves: of what was not synced, any part.</summary>
    public IEnumerable<(string Name, DiskNode Node)> After(PowerCut cut)
    {
        var names = new Dictionary<string, (long At, DiskNode? Node)>(_durable, StringComparer.Ordinal);
        foreach (var change in _pending.Where(cut.Keeps))
        {
            foreach (var (_, name, node) in change.Parts.Where(part => part.Directory == this))
            {
                if (!names.TryGetValue(name, out var last) || last.At < change.At)
                {
                    names[name] = (change.At, node);
                }
            }
        }

        return names.Where(static pair => pair.Value.Node is not null).Select(static pair => (pair.Key, pair.Value.Node!));
    }
}
