using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Storage.Tests.Repositories;

public sealed class KindStoreTests
{
    private const string Hub = "docker.io";

    private static readonly RepositoryName Name = RepositoryName.Parse("library/nginx");
    private static readonly RepositoryKind Mirrored = RepositoryKind.Mirrored(Hub);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Find_NothingThere_IsNull()
    {
        using var test = new TestStore(Hub);
        Assert.Null(test.Store.Kinds.Find(Name));
    }

    [Fact]
    public void Decide_Twice_TheFirstHolds()
    {
        using var test = new TestStore(Hub);
        Assert.Equal(Mirrored, test.Store.Kinds.Decide(Name, Mirrored));
        Assert.Equal(Mirrored, test.Store.Kinds.Decide(Name, RepositoryKind.Local));
        Assert.Equal(Mirrored, test.Store.Kinds.Find(Name));
        test.Restart();
        Assert.Equal(Mirrored, test.Store.Kinds.Decide(Name, RepositoryKind.Mirrored("ghcr.io")));
        Assert.Equal(Mirrored, test.Store.Kinds.Find(Name));
    }

    [Fact]
    public async Task Decide_ManyAtOnce_AllHearTheSame()
    {
        using var test = new TestStore();
        var kinds = test.Store.Kinds;
        for (var round = 0; round < 5; round++)
        {
            var name = RepositoryName.Parse($"round/r{round}");
            using var start = new Barrier(4);
            var heard = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
                () =>
                {
                    start.SignalAndWait(Cancellation);
                    return kinds.Decide(name, i % 2 == 0 ? RepositoryKind.Local : RepositoryKind.Mirrored($"host{i}"));
                },
                Cancellation)));
            Assert.Single(heard.Distinct());
            Assert.Equal(heard[0], kinds.Find(name));
        }
    }

    [Fact]
    public async Task Find_WhileTheFirstContentArrives_IsNeverAnotherKindThanDecided()
    {
        using var test = new TestStore();
        var store = test.Store;
        var digest = TestStore.DigestOf("layer");
        var names = Enumerable.Range(0, 100).Select(i => RepositoryName.Parse($"race/r{i}")).ToArray();
        var next = -1;
        var looking = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < names.Length;)
                {
                    Assert.True(store.Kinds.Find(names[i]) is null or { IsLocal: false });
                    i = Math.Max(i, Volatile.Read(ref next));
                    if (store.Layers.Find(names[i], digest) is not null)
                    {
                        i++;
                    }
                }
            },
            Cancellation)));
        for (var i = 0; i < names.Length; i++)
        {
            Volatile.Write(ref next, i);
            store.Kinds.Decide(names[i], Mirrored);
            store.Layers.Add(names[i], digest, digest);
        }

        await looking;
        Assert.All(names, name => Assert.Equal(Mirrored, store.Kinds.Find(name)));
    }

    [Fact]
    public void Find_EverythingElseDeleted_KindStays()
    {
        using var test = new TestStore(Hub);
        test.Store.Kinds.Decide(Name, Mirrored);
        test.Store.Layers.Add(Name, TestStore.DigestOf("layer"), TestStore.DigestOf("layer"));
        Directory.Delete(test.Store.Layout.Layers(Name), recursive: true);
        test.Restart();
        Assert.Equal(Mirrored, test.Store.Kinds.Find(Name));
    }

    [Theory]
    [InlineData("_manifests/tags/latest/current/link")]
    [InlineData("_layers/sha256/00/link")]
    public void Find_DistributionsContentWithSchedulerState_IsInherited(string file)
    {
        using var test = new TestStore(Hub);
        test.Write($"docker/registry/v2/repositories/{Name}/{file}", "");
        test.Write("scheduler-state.json", "{}");
        Assert.Equal(RepositoryKind.Inherited(Hub), test.Store.Kinds.Find(Name));
        Assert.Equal(RepositoryKind.Inherited(Hub), test.Store.Kinds.Decide(Name, Mirrored));
        test.Restart();
        Assert.Equal(RepositoryKind.Inherited(Hub), test.Store.Kinds.Find(Name));
    }

    [Fact]
    public void InheritFrom_AnotherUpstream_CountsForWhatHasNoKindOnDisk()
    {
        using var test = new TestStore(Hub);
        var decided = RepositoryName.Parse("library/decided");
        test.Write("scheduler-state.json", "{}");
        test.Restart();
        test.Write($"docker/registry/v2/repositories/{Name}/_manifests/tags/latest/current/link", "");
        test.Write($"docker/registry/v2/repositories/{decided}/_manifests/tags/latest/current/link", "");
        Assert.Equal(RepositoryKind.Inherited(Hub), test.Store.Kinds.Find(Name));
        test.Store.Kinds.Decide(decided, Mirrored);

        test.Store.Kinds.InheritFrom("ghcr.io");
        Assert.Equal(RepositoryKind.Inherited("ghcr.io"), test.Store.Kinds.Find(Name));
        Assert.Equal(RepositoryKind.Inherited(Hub), test.Store.Kinds.Find(decided));
        test.Store.Kinds.InheritFrom(null);
        Assert.Equal(RepositoryKind.Local, test.Store.Kinds.Find(Name));
    }

    [Theory]
    [InlineData(Hub, false)]
    [InlineData(null, true)]
    [InlineData(null, false)]
    public void Find_DistributionsContentOtherwise_IsLocal(string? upstream, bool wasMirror)
    {
        using var test = new TestStore(upstream);
        test.Write($"docker/registry/v2/repositories/{Name}/_manifests/tags/latest/current/link", "");
        if (wasMirror)
        {
            test.Write("scheduler-state.json", "{}");
        }

        Assert.Equal(RepositoryKind.Local, test.Store.Kinds.Find(Name));
        Assert.Equal(RepositoryKind.Local, test.Store.Kinds.Decide(Name, Mirrored));
    }

    [Theory]
    [InlineData("local\n", "local")]
    [InlineData("local", "local")]
    [InlineData("mirrored docker.io\n", "mirrored docker.io")]
    [InlineData("inherited reg.example.com:5000\n", "inherited reg.example.com:5000")]
    public void Find_KindFile_IsRead(string content, string kind)
    {
        using var test = new TestStore();
        test.Write($"docker/registry/v2/repositories/{Name}/_registry/kind", content);
        Assert.Equal(kind, test.Store.Kinds.Find(Name)!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("mirrored")]
    [InlineData("mirrored \n")]
    [InlineData("mine")]
    [InlineData("local docker.io")]
    public void Find_KindFileThatSaysNothing_IsAnErrorThatNamesTheFile(string content)
    {
        using var test = new TestStore();
        var path = test.Write($"docker/registry/v2/repositories/{Name}/_registry/kind", content);
        var failure = Assert.Throws<InvalidDataException>(() => test.Store.Kinds.Find(Name));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => test.Store.Kinds.Decide(Name, RepositoryKind.Local));
    }

    [Fact]
    public void Walk_NestedRepositories_FindsEachNameOnce()
    {
        using var test = new TestStore();
        string[] names = ["a", "a/b", "a/b/c", "z/z"];
        foreach (var name in names)
        {
            test.Store.Kinds.Decide(RepositoryName.Parse(name), RepositoryKind.Local);
        }

        test.Write("docker/registry/v2/repositories/Not-A-Name/_manifests/x", "");
        test.Write("docker/registry/v2/repositories/stray", "");
        Assert.Equal(["a", "a/b", "a/b/c", "z", "z/z"], test.Store.Kinds.Walk().Select(name => name.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Walk_EmptyStore_FindsNothing()
    {
        using var test = new TestStore();
        Assert.Empty(test.Store.Kinds.Walk());
    }
}
