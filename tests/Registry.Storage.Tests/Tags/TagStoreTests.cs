using Registry.Storage.Content;

namespace Registry.Storage.Tests.Tags;

public sealed class TagStoreTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly Tag Latest = Tag.Parse("latest");
    private static readonly Digest One = TestStore.DigestOf("one");
    private static readonly Digest Two = TestStore.DigestOf("two");

    [Fact]
    public void Set_Moved_MeansTheNewAndRemembersTheOld()
    {
        using var test = new TestStore();
        test.Store.Tags.Set(Name, Latest, One);
        test.Store.Tags.Set(Name, Latest, Two);
        Assert.Equal(Two, test.Store.Tags.Find(Name, Latest)!.Value.Digest);
        Assert.True(File.Exists(test.Store.Layout.TagIndex(Name, Latest, One)));
        Assert.True(File.Exists(test.Store.Layout.TagIndex(Name, Latest, Two)));
    }

    [Fact]
    public void Find_Freshness_IsTheTimeOfTheLink()
    {
        using var test = new TestStore();
        var store = test.Store;
        var set = test.Time.GetUtcNow();
        store.Tags.Set(Name, Latest, One);
        Assert.Equal(set, store.Tags.Find(Name, Latest)!.Value.Confirmed);
        Assert.Equal(set.UtcDateTime, File.GetLastWriteTimeUtc(store.Layout.TagCurrent(Name, Latest)));
        test.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(set, store.Tags.Find(Name, Latest)!.Value.Confirmed);
        store.Tags.Confirm(Name, Latest);
        Assert.Equal(set.AddMinutes(5), store.Tags.Find(Name, Latest)!.Value.Confirmed);
        test.Time.Advance(TimeSpan.FromMinutes(5));
        store.Tags.Set(Name, Latest, One);
        Assert.Equal(set.AddMinutes(10), store.Tags.Find(Name, Latest)!.Value.Confirmed);
        File.SetLastWriteTimeUtc(store.Layout.TagCurrent(Name, Latest), set.UtcDateTime);
        test.Restart();
        Assert.Equal(set, test.Store.Tags.Find(Name, Latest)!.Value.Confirmed);
    }

    [Fact]
    public void Confirm_TagThatIsGone_MakesNone()
    {
        using var test = new TestStore();
        test.Store.Tags.Confirm(Name, Latest);
        Assert.Null(test.Store.Tags.Find(Name, Latest));
        Assert.Empty(test.Store.Tags.List(Name, null, null).Tags);
    }

    [Fact]
    public void List_ManyTags_IsInBytewiseOrder()
    {
        using var test = new TestStore();
        foreach (var tag in new[] { "b", "a", "B", "1", "_", "a-b", "a.b", "10", "2" })
        {
            test.Store.Tags.Set(Name, Tag.Parse(tag), One);
        }

        Assert.Equal(["1", "10", "2", "B", "_", "a", "a-b", "a.b", "b"], test.Store.Tags.List(Name, null, null).Tags);
    }

    [Fact]
    public void List_ForeignEntries_AreIgnored()
    {
        using var test = new TestStore();
        var tags = $"docker/registry/v2/repositories/{Name}/_manifests/tags";
        test.Store.Tags.Set(Name, Latest, One);
        test.Write($"{tags}/.hidden/current/link", One.ToString());
        test.Write($"{tags}/caf\u00e9/current/link", One.ToString());
        test.Write($"{tags}/no-link/current/link.0123.tmp", One.ToString());
        test.Write($"{tags}/only-index/index/sha256/{One.Hex}/link", One.ToString());
        test.Write($"{tags}/stray-file", One.ToString());
        Assert.Equal(["latest"], test.Store.Tags.List(Name, null, null).Tags);
    }

    [Fact]
    public void List_NoSuchRepository_IsEmpty()
    {
        using var test = new TestStore();
        Assert.Empty(test.Store.Tags.List(Name, null, null).Tags);
    }

    [Fact]
    public void Find_DamagedLink_IsNoneAndCanBeSet()
    {
        using var test = new TestStore();
        test.Write($"docker/registry/v2/repositories/{Name}/_manifests/tags/latest/current/link", "");
        Assert.Null(test.Store.Tags.Find(Name, Latest));
        test.Store.Tags.Set(Name, Latest, One);
        Assert.Equal(One, test.Store.Tags.Find(Name, Latest)!.Value.Digest);
    }
}
