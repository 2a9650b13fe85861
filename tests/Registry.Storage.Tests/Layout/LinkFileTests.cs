using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Testing;

namespace Registry.Storage.Tests.Layout;

public sealed class LinkFileTests : IDisposable
{
    private static readonly Digest Target = TestStore.DigestOf("target");

    private readonly TemporaryDirectory _directory = new();

    private string Link => _directory.File("somewhere/link");

    [Fact]
    public void Read_WhatWriteWrote_IsTheDigestWithoutANewline()
    {
        LinkFile.Write(new Durability(_directory.Path), Link, Target);
        Assert.Equal(Target, LinkFile.Read(Link));
        Assert.Equal(Target.ToString(), File.ReadAllText(Link));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("sha256:")]
    [InlineData("sha256:abc")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("local")]
    public void Read_EmptyOrDamagedLink_IsNone(string content)
    {
        _directory.Subdirectory("somewhere");
        File.WriteAllText(Link, content);
        Assert.Null(LinkFile.Read(Link));
    }

    [Fact]
    public void Read_LongFile_IsNone()
    {
        _directory.Subdirectory("somewhere");
        File.WriteAllText(Link, $"{Target}{new string(' ', 100_000)}");
        Assert.Null(LinkFile.Read(Link));
    }

    [Fact]
    public void Read_NoFileOrNoDirectory_IsNone()
    {
        Assert.Null(LinkFile.Read(Link));
        Assert.Null(LinkFile.Read(_directory.File("link")));
    }

    [Fact]
    public void Read_FileWhereADirectoryShouldBe_IsNone()
    {
        File.WriteAllText(_directory.File("somewhere"), "");
        Assert.Null(LinkFile.Read(Link));
    }

    [Fact]
    public void Read_LinkWithANewline_IsTheDigest()
    {
        _directory.Subdirectory("somewhere");
        File.WriteAllText(Link, $"{Target}\n");
        Assert.Equal(Target, LinkFile.Read(Link));
    }

    [Fact]
    public void Use_WithinTheHour_LeavesTheTime()
    {
        var written = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        LinkFile.Write(new Durability(_directory.Path), Link, Target);
        LinkFile.SetTime(Link, written);
        LinkFile.Use(Link, written.AddMinutes(59));
        Assert.Equal(written.UtcDateTime, File.GetLastWriteTimeUtc(Link));
        LinkFile.Use(Link, written.AddMinutes(61));
        Assert.Equal(written.AddMinutes(61).UtcDateTime, File.GetLastWriteTimeUtc(Link));
    }

    [Fact]
    public void SetTime_LinkThatIsGone_StaysGone()
    {
        LinkFile.SetTime(Link, DateTimeOffset.UnixEpoch);
        LinkFile.Use(Link, DateTimeOffset.UnixEpoch.AddYears(60));
        Assert.False(File.Exists(Link));
    }

    public void Dispose() => _directory.Dispose();
}
