using CsCheck;
using Registry.Storage.Ingests;
using Registry.Storage.Layout;

namespace Registry.Storage.Tests.Ingests;

/// <summary>The journal may forget, and never invents.</summary>
public sealed class IngestJournalTests : IDisposable
{
    private static readonly Gen<(long? Length, Segment[] Segments)> Contents = Gen.Select(
        Gen.Long[0, 1L << 40].Nullable(),
        Gen.Select(Gen.Long[1, 1L << 30], Gen.Long[1, 1L << 30]).Array[0, 20],
        (length, gaps) => (length, Lay(gaps)));

    private readonly string _directory = Directory.CreateTempSubdirectory("journal-").FullName;

    private string Journal => Path.Join(_directory, "map");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_AfterWrite_SaysTheSame() => Contents.Sample(
        contents =>
        {
            IngestJournal.Write(new Durability(_directory), Journal, contents.Length, contents.Segments);
            var (length, received) = IngestJournal.Read(Journal);
            Assert.Equal(contents.Length, length);
            Assert.Equal(contents.Segments, received.Segments.ToArray());
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void Read_OfADamagedFile_SaysNothingThatWasNotWritten() =>
        Gen.Select(Contents, Gen.Int[0, 3], Gen.Double[0, 1], Gen.Byte).Sample(
            (contents, kind, where, value) =>
            {
                IngestJournal.Write(new Durability(_directory), Journal, contents.Length, contents.Segments);
                Damage(kind, where, value);
                var (length, received) = IngestJournal.Read(Journal);
                Assert.True(length is null || length == contents.Length, "another length");
                foreach (var segment in received.Segments)
                {
                    Assert.Contains(contents.Segments, written => written.First <= segment.First && segment.End <= written.End);
                }
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void Read_WithoutAFile_SaysNothing()
    {
        var (length, received) = IngestJournal.Read(Journal);
        Assert.Null(length);
        Assert.Equal(0, received.Received);
    }

    // A byte changed, put in or lost, or the end lost.
    private void Damage(int kind, double where, byte value)
    {
        using var file = new FileStream(Journal, FileMode.Open);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var at = (int)(where * (bytes.Length - 1));
        file.SetLength(0);
        file.Write(bytes.AsSpan(0, at));
        if (kind is 0 or 1)
        {
            file.WriteByte(value);
        }

        if (kind != 3)
        {
            file.Write(bytes.AsSpan(kind == 1 ? at : at + 1));
        }
    }

    private static Segment[] Lay((long Gap, long Length)[] gaps)
    {
        var segments = new List<Segment>();
        var position = 0L;
        foreach (var (gap, length) in gaps)
        {
            segments.Add(new Segment(position + gap, position + gap + length));
            position += gap + length;
        }

        return [.. segments];
    }
}
