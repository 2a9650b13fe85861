using CsCheck;
using Registry.Storage.Content;
using Registry.Storage.Tags;

namespace Registry.Storage.Tests.Tags;

public sealed class TagPageTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly Digest One = TestStore.DigestOf("one");

    private static readonly Gen<string> Tags = Gen.Select(Gen.Char["abAB01_"], Gen.Char["abAB01_.-"].Array[0, 2], static (first, more) => $"{first}{new string(more)}");

    [Fact]
    public void List_AnyPage_IsThatPartOfTheOrder() =>
        Gen.Select(Tags.HashSet[0, 10], Gen.Int[0, 11], Gen.OneOf(Tags, Gen.Const(""), Gen.Const("../x"))).Sample(
            static (tags, count, last) =>
            {
                using var test = new TestStore();
                foreach (var tag in tags)
                {
                    test.Write($"docker/registry/v2/repositories/{Name}/_manifests/tags/{tag}/current/link", One.ToString());
                }

                var rest = tags.Where(tag => string.CompareOrdinal(tag, last) > 0).Order(StringComparer.Ordinal).ToArray();
                var page = test.Store.Tags.List(Name, count, last);
                Assert.Equal(rest.Take(count), page.Tags);
                Assert.Equal(count > 0 && rest.Length > count, page.HasMore);
                Assert.Equal(rest, test.Store.Tags.List(Name, null, last).Tags);
            },
            iter: 300);

    [Fact]
    public void List_TagWithinTheSameTickOfTheClock_IsSeen()
    {
        using var test = new TestStore();
        var directory = test.Store.Layout.Tags(Name);
        var tick = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);
        test.Store.Tags.Set(Name, Tag.Parse("a"), One);
        Directory.SetLastWriteTimeUtc(directory, tick);
        Assert.Equal(["a"], test.Store.Tags.List(Name, null, null).Tags);

        test.Store.Tags.Set(Name, Tag.Parse("b"), One);
        Directory.SetLastWriteTimeUtc(directory, tick);

        Assert.Equal(["a", "b"], test.Store.Tags.List(Name, null, null).Tags);
        test.Store.Tags.DeleteAll(Name, One);
        Assert.Empty(test.Store.Tags.List(Name, null, null).Tags);
    }

    [Fact]
    public void List_OldAndUnchanged_IsReadOnce()
    {
        using var test = new TestStore();
        var directory = test.Store.Layout.Tags(Name);
        var old = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1);
        test.Store.Tags.Set(Name, Tag.Parse("a"), One);
        Directory.SetLastWriteTimeUtc(directory, old);
        Assert.Equal(["a"], test.Store.Tags.List(Name, null, null).Tags);

        // A tag that came without a trace in the directory's time is not looked for.
        test.Store.Tags.Set(Name, Tag.Parse("b"), One);
        Directory.SetLastWriteTimeUtc(directory, old);
        Assert.Equal(["a"], test.Store.Tags.List(Name, null, null).Tags);

        test.Store.Tags.Set(Name, Tag.Parse("c"), One);
        Assert.Equal(["a", "b", "c"], test.Store.Tags.List(Name, null, null).Tags);
    }

    [Fact]
    public void List_WarmPageOfManyTags_CostsWhatOneOfFewDoes()
    {
        using var test = new TestStore();
        var (few, many) = (RepositoryName.Parse("team/few"), RepositoryName.Parse("team/all"));
        Fill(test, few, 500);
        Fill(test, many, 5_000);

        Assert.Equal(AllocatedByPage(test, few, "t000320"), AllocatedByPage(test, many, "t004820"));
    }

    [Fact]
    public void List_ManyRepositories_RemembersNoMoreThanTheBound()
    {
        using var test = new TestStore();
        var all = Enumerable.Range(0, 4).Select(static i => RepositoryName.Parse($"team/r{i}")).ToArray();
        var names = new TagNames(test.Store.Layout, maxBytes: 20_000);
        foreach (var repository in all)
        {
            Fill(test, repository, 200);
            Assert.Same(names.Of(repository), names.Of(repository));
            Assert.InRange(names.Bytes, 200 * 7, 20_000);
        }

        // The one listed longest ago is the one that was forgotten.
        var (first, third, last) = (names.Of(all[1]), names.Of(all[2]), names.Of(all[3]));
        Assert.NotSame(first, names.Of(all[1]));
        Assert.Same(last, names.Of(all[3]));
        Assert.Equal(200, third.Length);
    }

    private static void Fill(TestStore test, RepositoryName repository, int count, string suffix = "")
    {
        var directory = test.Store.Layout.Tags(repository);
        for (var i = 0; i < count; i++)
        {
            Directory.CreateDirectory(Path.Join(directory, $"t{i:000000}{suffix}"));
        }

        foreach (var tag in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal).TakeLast(200))
        {
            Directory.CreateDirectory(Path.Join(tag, "current"));
            File.WriteAllText(Path.Join(tag, "current/link"), One.ToString());
        }

        Directory.SetLastWriteTimeUtc(directory, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
    }

    private static long AllocatedByPage(TestStore test, RepositoryName repository, string last)
    {
        // Reads the names, and compiles what is compiled once.
        test.Store.Tags.List(repository, 100, last);
        test.Store.Tags.List(repository, 100, last);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var page = test.Store.Tags.List(repository, 100, last);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(100, page.Tags.Count);
        Assert.True(page.HasMore);
        return allocated;
    }
}
