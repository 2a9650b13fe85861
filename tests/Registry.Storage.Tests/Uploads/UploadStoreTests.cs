using System.Buffers;
using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Uploads;

namespace Registry.Storage.Tests.Uploads;

public sealed class UploadStoreTests
{
    /// <summary>The store's own bound of open sessions.</summary>
    private const int MaxOpen = 256;

    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly RepositoryName Other = RepositoryName.Parse("team/other");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Sha256, DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Sha512, DigestAlgorithm.Sha512)]
    [InlineData(DigestAlgorithm.Sha512, DigestAlgorithm.Sha256)]
    public async Task Commit_AfterARestart_HoldsWhatWasAppendedBeforeAndAfter(DigestAlgorithm expected, DigestAlgorithm actual)
    {
        using var test = new TestStore();
        var id = Begin(test, "first ", expected);
        test.Restart();
        var session = (await test.Store.Uploads.EnterAsync(Name, id, null, Token))!;

        Assert.Equal(6, session.Length);
        Append(session, "second");
        var digest = Digest.Of(actual, "first second"u8);
        Assert.False(session.Matches(Digest.Of(actual, "else"u8)));
        Assert.True(session.Matches(digest));
        test.Store.Uploads.Commit(session, digest);
        session.Exit();

        using var blob = test.Store.Blobs.Open(digest)!;
        Assert.Equal("first second", Read(blob.Handle));
        Assert.Null(await test.Store.Uploads.EnterAsync(Name, id, null, Token));
        Assert.False(Directory.Exists(test.Store.Layout.Upload(Name, id)));
    }

    [Fact]
    public async Task Matches_AfterARestart_ReadsTheFileOnce()
    {
        using var test = new TestStore();
        var id = Begin(test, "first ");
        test.Restart();
        var session = (await test.Store.Uploads.EnterAsync(Name, id, null, Token))!;
        Append(session, "second");
        await File.WriteAllTextAsync(Path.Join(test.Store.Layout.Upload(Name, id), "data"), "is read no more", Token);

        Append(session, " third");

        Assert.True(session.Matches(TestStore.DigestOf("first second third")));
        session.Exit();
    }

    [Fact]
    public async Task Commit_BytesBehindWhatWasCounted_AreCutOff()
    {
        using var test = new TestStore();
        var id = Begin(test, "counted");
        var session = (await test.Store.Uploads.EnterAsync(Name, id, null, Token))!;
        await File.AppendAllTextAsync(Path.Join(test.Store.Layout.Upload(Name, id), "data"), " and what a failed write left", Token);

        var digest = TestStore.DigestOf("counted");
        Assert.True(session.Matches(digest));
        test.Store.Uploads.Commit(session, digest);
        session.Exit();

        Assert.Equal(7, test.Store.Blobs.Length(digest));
    }

    [Fact]
    public async Task Enter_OtherRepositoryOrNoSession_IsNone()
    {
        using var test = new TestStore();
        var id = Begin(test, "bytes");

        Assert.Null(await test.Store.Uploads.EnterAsync(Other, id, null, Token));
        Assert.Null(await test.Store.Uploads.EnterAsync(Name, UploadId.Create(), null, Token));
        test.Restart();
        Assert.Null(await test.Store.Uploads.EnterAsync(Other, id, null, Token));
    }

    [Fact]
    public async Task Begin_BeyondTheBound_ClosesTheOldestAndItGoesOn()
    {
        using var test = new TestStore();
        var ids = new List<UploadId>();
        for (var i = 0; i < MaxOpen + 20; i++)
        {
            ids.Add(Begin(test, $"session {i}"));
            test.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(MaxOpen, OpenFiles(test));
        for (var i = 0; i < ids.Count; i++)
        {
            var session = (await test.Store.Uploads.EnterAsync(Name, ids[i], null, Token))!;
            Append(session, " goes on");
            Assert.True(session.Matches(TestStore.DigestOf($"session {i} goes on")));
            session.Exit();
        }
    }

    [Fact]
    public void Begin_AllInUse_IsRefusedAndLeavesNothing()
    {
        using var test = new TestStore();
        var sessions = Enumerable.Range(0, MaxOpen).Select(_ => test.Store.Uploads.Begin(Name, DigestAlgorithm.Sha256)).ToArray();

        Assert.Throws<TooManyUploadsException>(() => test.Store.Uploads.Begin(Name, DigestAlgorithm.Sha256));

        Assert.Equal(MaxOpen, Directory.GetDirectories(test.Store.Layout.Uploads(Name)).Length);
        sessions[7].Exit();
        test.Store.Uploads.Begin(Name, DigestAlgorithm.Sha256).Exit();
    }

    [Fact]
    public async Task Enter_ManyMoreThanTheBoundAtOnce_NeverFindsAClosedOne()
    {
        using var test = new TestStore();
        var ids = Enumerable.Range(0, MaxOpen + 64).Select(_ => Begin(test, "")).ToArray();

        await Parallel.ForEachAsync(Enumerable.Range(0, 4 * ids.Length), Token, async (i, token) =>
        {
            var session = (await test.Store.Uploads.EnterAsync(Name, ids[i * 7 % ids.Length], null, token))!;
            Append(session, "x");
            session.Exit();
        });

        foreach (var id in ids)
        {
            var session = (await test.Store.Uploads.EnterAsync(Name, id, null, Token))!;
            Assert.True(session.Matches(TestStore.DigestOf("xxxx")));
            session.Exit();
        }
    }

    [Fact]
    public async Task Cancel_FileThatIsOpen_IsClosedAndItsSpaceFree()
    {
        using var test = new TestStore();
        var id = Begin(test, "bytes");
        var session = (await test.Store.Uploads.EnterAsync(Name, id, null, Token))!;
        var waiting = test.Store.Uploads.EnterAsync(Name, id, null, Token);

        test.Store.Uploads.Cancel(session);
        session.Exit();

        Assert.Equal(0, OpenFiles(test));
        Assert.Null(await waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Purge_SessionsOfAnAge_AreEndedUnlessSomebodyIsIn(bool isDryRun)
    {
        using var test = new TestStore();
        var old = Begin(test, "old, and still open");
        var busy = Begin(test, "old, and busy");
        var young = Begin(test, "young");
        var entered = (await test.Store.Uploads.EnterAsync(Name, busy, null, Token))!;
        var uploads = $"docker/registry/v2/repositories/{Name}/_uploads";
        test.Write($"{uploads}/foreign/startedat", "2020-01-01T00:00:00Z");
        var now = TimeProvider.System.GetUtcNow();
        Directory.SetLastWriteTimeUtc(Path.Join(test.Root, uploads, "foreign"), now.UtcDateTime.AddDays(-8));
        Age(test, old, now.AddDays(-8));
        Age(test, busy, now.AddDays(-8));
        Age(test, young, now.AddDays(-6));

        Assert.Equal(2, test.Store.Uploads.Purge(Name, now.AddDays(-7), isDryRun));

        entered.Exit();
        var expected = isDryRun ? 4 : 2;
        Assert.Equal(expected, Directory.GetDirectories(Path.Join(test.Root, uploads)).Length);
        Assert.NotNull(await test.Store.Uploads.EnterAsync(Name, busy, null, Token));
        Assert.NotNull(await test.Store.Uploads.EnterAsync(Name, young, null, Token));
        Assert.Equal(isDryRun, await test.Store.Uploads.EnterAsync(Name, old, null, Token) is not null);
        Assert.Equal(0, test.Store.Uploads.Purge(Other, now, isDryRun));
    }

    private static UploadId Begin(TestStore test, string content, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        var session = test.Store.Uploads.Begin(Name, algorithm);
        Append(session, content);
        session.Exit();
        return session.Id;
    }

    private static void Append(UploadSession session, string content) => session.Append(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(content)));

    private static void Age(TestStore test, UploadId id, DateTimeOffset time) =>
        File.SetLastWriteTimeUtc(Path.Join(test.Store.Layout.Upload(Name, id), "data"), time.UtcDateTime);

    // What this process has open below the store's uploads, deleted or not.
    private static int OpenFiles(TestStore test) => Directory.GetFiles("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(test.Store.Layout.Uploads(Name), StringComparison.Ordinal) == true);

    private static string Read(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, bytes, 0);
        return Encoding.UTF8.GetString(bytes);
    }
}
