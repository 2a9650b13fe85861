using CsCheck;
using Registry.Storage.Content;

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
}
