using System.Globalization;
using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Ingests;

/// <summary>
/// The file that says which bytes of an unfinished ingest are on the disk. It never speaks of bytes that a power cut could take: they are synced before it is written.
/// </summary>
/// <remarks>
/// Text, one fact a line: <c>segments 1</c>, the length of the blob or <c>?</c>, then <c>FIRST-END</c> for each segment (END not included), last the SHA-256 of all
/// lines before it. A file that is not whole is taken for none.
/// </remarks>
internal static class IngestJournal
{
    private const string Header = "segments 1";

    // A segment takes at most 40 characters; a fetch has some dozens of them at the very most.
    private const int MaxBytes = 64 << 10;

    public static void Write(Durability disk, string path, long? length, ReadOnlySpan<Segment> segments)
    {
        var text = new StringBuilder(Header).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{length?.ToString(CultureInfo.InvariantCulture) ?? "?"}\n");
        foreach (var segment in segments)
        {
            text.Append(CultureInfo.InvariantCulture, $"{segment.First}-{segment.End}\n");
        }

        var body = Encoding.ASCII.GetBytes(text.ToString());
        var digest = Encoding.ASCII.GetBytes($"{Digest.Of(DigestAlgorithm.Sha256, body)}\n");
        if (body.Length + digest.Length <= MaxBytes)
        {
            disk.WriteFile(path, [.. body, .. digest]);
        }
    }

    /// <summary>What the journal says; nothing when there is none, or it is damaged.</summary>
    public static (long? Length, SegmentMap Received) Read(string path)
    {
        var received = new SegmentMap();
        var bytes = SmallFile.Read(path, MaxBytes);
        if (bytes is null || SplitDigest(bytes) is not { } body)
        {
            return (null, received);
        }

        var lines = Encoding.ASCII.GetString(body.Span).Split('\n');
        if (lines.Length < 2 || lines[0] != Header)
        {
            return (null, received);
        }

        foreach (var line in lines.AsSpan(2))
        {
            var dash = line.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && TryParse(line.AsSpan(0, dash), out var first) && TryParse(line.AsSpan(dash + 1), out var end) && end >= first)
            {
                received.Add(first, end);
            }
        }

        return (TryParse(lines[1], out var length) ? length : null, received);
    }

    private static ReadOnlyMemory<byte>? SplitDigest(byte[] bytes)
    {
        var end = bytes.AsSpan().TrimEnd((byte)'\n').LastIndexOf((byte)'\n') + 1;
        var stated = Encoding.ASCII.GetString(bytes.AsSpan(end)).TrimEnd('\n');
        return Digest.TryParse(stated, out var digest) && digest == Digest.Of(DigestAlgorithm.Sha256, bytes.AsSpan(0, end))
            ? bytes.AsMemory(0, end)
            : null;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
