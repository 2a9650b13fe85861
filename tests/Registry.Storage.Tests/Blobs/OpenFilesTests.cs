using Microsoft.Win32.SafeHandles;
using Registry.Storage.Blobs;
using Registry.Storage.Content;

namespace Registry.Storage.Tests.Blobs;

/// <summary>Which files stay open, and when they are closed.</summary>
public sealed class OpenFilesTests : IDisposable
{
    private static readonly Digest Hello = TestStore.DigestOf("hello");

    private readonly OpenFiles _files = new();
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Find_FileThatNobodyReads_IsStillOpen()
    {
        Keep(Hello, isStored: true).Release();

        var found = _files.Find(Hello);

        Assert.False(found!.Handle.IsClosed);
        found.Release();
    }

    [Fact]
    public void Drop_WhileSomebodyReads_ClosesWithTheLastReader()
    {
        var reading = Keep(Hello, isStored: true);

        _files.Drop(Hello);

        Assert.Null(_files.Find(Hello));
        Assert.False(reading.Handle.IsClosed);
        reading.Release();
        Assert.True(reading.Handle.IsClosed);
    }

    [Fact]
    public void Keep_BlobThatWasRemovedMeanwhile_IsClosedByItsReader()
    {
        var reading = Keep(Hello, isStored: false);

        Assert.Null(_files.Find(Hello));
        reading.Release();
        Assert.True(reading.Handle.IsClosed);
    }

    [Fact]
    public void Keep_MoreThanTheBound_ClosesTheOneReadLongestAgo()
    {
        var handles = new List<SafeFileHandle>();
        for (var i = 0; i < 257; i++)
        {
            var file = Keep(TestStore.DigestOf($"{i}"), isStored: true);
            handles.Add(file.Handle);
            file.Release();
            _files.Find(TestStore.DigestOf("0"))!.Release();
        }

        Assert.False(handles[0].IsClosed);
        Assert.True(handles[1].IsClosed);
        Assert.All(handles.Skip(2), handle => Assert.False(handle.IsClosed));
    }

    public void Dispose()
    {
        _files.Dispose();
        File.Delete(_path);
    }

    private OpenFile Keep(Digest digest, bool isStored) => _files.Keep(digest, File.OpenHandle(_path), () => isStored);
}
