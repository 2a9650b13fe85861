using Registry.Storage.Ingests;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>What the network sees of one fetch: its requests, which bytes it holds, and which it got in vain.</summary>
internal sealed class FetchRecord(Scenario scenario, ReadOnlyMemory<byte> content, SimulationTrace trace, NetworkLoad load, SegmentMap restored)
{
    private readonly List<SimulatedConnection> _open = [];
    private readonly List<(SimulatedConnection Connection, long First, long End)> _tails = [];
    private readonly SegmentMap _held = Copy(restored);

    public SimulationTrace Trace => trace;

    public ReadOnlyMemory<byte> Content => content;

    /// <summary>Bytes that sources handed out.</summary>
    public long Delivered { get; set; }

    /// <summary>Bytes that were handed out beyond what was wanted.</summary>
    public long Wasted { get; private set; }

    /// <summary>Bytes that came twice because a source ignored the range.</summary>
    public long Skipped { get; private set; }

    /// <summary>Requests so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Transfers whose end was given to another.</summary>
    public int Splits { get; private set; }

    /// <summary>Whether a wrong byte was sent.</summary>
    public bool HasWrongBytes { get; set; }

    /// <summary>Connections that are open.</summary>
    public int Open => _open.Count;

    public SegmentMap Held => _held;

    /// <summary>The bytes that were there at the beginning.</summary>
    public long Restored { get; } = restored.Received;

    /// <summary>A request begins; it must ask for nothing that is held, or that another brings.</summary>
    public SimulatedConnection Ask(SimulatedEndpoint endpoint, long first, long? last)
    {
        var end = last + 1 ?? content.Length;
        trace.Add($"{endpoint.Host} is asked for {first}-{last}");
        Requests++;
        foreach (var other in _open)
        {
            if (first >= other.WantedEnd || end <= other.Next)
            {
                continue;
            }

            if (first <= other.Next || !other.IsPartial)
            {
                trace.Fault($"{first}-{end} is asked for while another brings {other.Next}-{other.WantedEnd}");
            }

            other.WantedEnd = first;
            Splits++;
        }

        SettleTails(first, end);
        if (first < content.Length && _held.NextReceived(first) < Math.Min(end, content.Length) && last is not null)
        {
            trace.Fault($"{first}-{end} is asked for, of which bytes are held");
        }

        var connection = new SimulatedConnection(this, endpoint, first, end) { IsOpenEnded = last is null };
        _open.Add(connection);
        load.Enter();
        if (_open.Count > scenario.Options.Connections)
        {
            trace.Fault($"{_open.Count} connections of one fetch");
        }

        return connection;
    }

    /// <summary>The fetch has taken bytes.</summary>
    public void Use(SimulatedConnection connection, long first, long end)
    {
        var useful = Math.Max(first, Math.Min(end, connection.WantedEnd));
        Wasted += end - useful;
        var before = _held.Received;
        _held.Add(first, useful);
        var twice = useful - first - (_held.Received - before);
        if (!connection.IsPartial || connection.IsOpenEnded)
        {
            Skipped += twice;
        }
        else if (twice > 0)
        {
            trace.Fault($"{twice} of {first}-{useful} were held");
        }
    }

    /// <summary>The fetch is done with a connection; it has used the bytes that it took last, or some of them, as its next requests will show.</summary>
    public void Close(SimulatedConnection connection, long first, long end)
    {
        if (_open.Remove(connection))
        {
            load.Leave();
            _tails.Add((connection, first, end));
        }
    }

    /// <summary>All is over: what was not asked for again was used.</summary>
    public void Settle()
    {
        foreach (var (connection, first, end) in _tails)
        {
            Use(connection, first, end);
        }

        _tails.Clear();
    }

    // A transfer that was cut short throws the end of its last bytes away: then they are asked for again.
    private void SettleTails(long asked, long end)
    {
        for (var i = _tails.Count - 1; i >= 0; i--)
        {
            var (connection, first, tailEnd) = _tails[i];
            if (asked < tailEnd && first < end)
            {
                if (asked < Math.Min(tailEnd, connection.WantedEnd))
                {
                    connection.WantedEnd = asked;
                    Splits++;
                }

                Use(connection, first, tailEnd);
                _tails.RemoveAt(i);
            }
        }
    }

    private static SegmentMap Copy(SegmentMap map)
    {
        var copy = new SegmentMap();
        foreach (var segment in map.Segments)
        {
            copy.Add(segment.First, segment.End);
        }

        return copy;
    }
}
