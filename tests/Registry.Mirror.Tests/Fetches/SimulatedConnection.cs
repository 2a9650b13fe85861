namespace Registry.Mirror.Tests.Fetches;

/// <summary>One request and its body. It notices what the fetch makes of the bytes: which it uses, and which it throws away.</summary>
internal sealed class SimulatedConnection(FetchRecord record, SimulatedEndpoint endpoint, long first, long end) : Stream
{
    private long _pendingFrom;
    private int _pending;
    private bool _isClosed;

    /// <summary>Offset of the next byte that the fetch uses; what was handed out and not yet used counts as not used.</summary>
    public long Next { get; private set; } = first;

    /// <summary>Offset after the last byte that the fetch wants from here; it shrinks when the rest is asked of another.</summary>
    public long WantedEnd { get; set; } = end;

    /// <summary>Whether it sends what was asked for.</summary>
    public bool IsPartial { get; private set; } = true;

    /// <summary>Whether all to the end was asked for, as of a source that ignores ranges: what is held may come again.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>Where the body breaks off, and how; beyond its end when it does not.</summary>
    public (SourceFault Fault, long At) Break { get; set; } = (SourceFault.None, long.MaxValue);

    /// <summary>Offset of a byte that is sent wrong.</summary>
    public long WrongAt { get; set; } = -1;

    private long BodyEnd { get; set; } = end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The body begins: from where and to where.</summary>
    public void Begin(long from, long to, bool isPartial)
    {
        Next = from;
        BodyEnd = to;
        WantedEnd = isPartial ? Math.Min(WantedEnd, to) : to;
        IsPartial = isPartial;
        if (!isPartial)
        {
            record.Settle();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Use();
        if (Next >= WantedEnd && WantedEnd < BodyEnd)
        {
            record.Trace.Fault($"{endpoint.Host} is read on at {Next}, beyond what is wanted of it");
        }

        var stop = Math.Min(BodyEnd, Break.At);
        if (Next >= stop)
        {
            return await EndAsync(cancellationToken);
        }

        var count = (int)Math.Min(Math.Min(buffer.Length, endpoint.ChunkSize()), stop - Next);
        await endpoint.SendAsync(count, cancellationToken);
        record.Content.Span.Slice((int)Next, count).CopyTo(buffer.Span);
        if (WrongAt >= Next && WrongAt < Next + count)
        {
            buffer.Span[(int)(WrongAt - Next)] ^= 0x55;
            record.HasWrongBytes = true;
        }

        (_pendingFrom, _pending) = (Next, count);
        record.Delivered += count;
        record.Trace.AddBytes(endpoint.Host, Next, Next + count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            record.Close(this, _pendingFrom, _pendingFrom + _pending);
        }

        base.Dispose(disposing);
    }

    private void Use()
    {
        if (_pending > 0)
        {
            record.Use(this, _pendingFrom, _pendingFrom + _pending);
            Next = _pendingFrom + _pending;
            _pending = 0;
        }
    }

    private async Task<int> EndAsync(CancellationToken cancellation)
    {
        await endpoint.PauseAsync(cancellation);
        if (Break.At > Next)
        {
            return 0;
        }

        record.Trace.Add($"{endpoint.Host}: {Break.Fault} at {Next}");
        switch (Break.Fault)
        {
            case SourceFault.Reset:
                throw new IOException("reset");
            case SourceFault.Stall:
                await SimulatedEndpoint.NeverAsync(cancellation);
                return 0;
            default:
                return 0;
        }
    }
}
