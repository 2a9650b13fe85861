using System.Text;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Storage.Tests.Referrers;

public sealed class ReferrerIndexTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");
    private static readonly Digest Subject = TestStore.DigestOf("subject");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void List_PushesAndDeletes_AreFollowedWhetherOrNotTheIndexWasThere(bool isIndexed)
    {
        using var test = new TestStore();
        if (isIndexed)
        {
            Put(test, "other", subject: false);
            Assert.Empty(List(test));
        }

        var first = Put(test, "first");
        var second = Put(test, "second");
        Assert.Equal([first, second], List(test).ToHashSet());
        Assert.True(test.Store.Manifests.Delete(Name, first));
        Assert.Equal([second], List(test));
        var third = Put(test, "third");
        test.Restart();
        Assert.Equal([second, third], List(test).ToHashSet());
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("of another run of the machine")]
    [InlineData("damaged")]
    [InlineData("of a push that was cut off")]
    public void List_StampThatDoesNotHold_MakesTheIndexAnew(string stamp)
    {
        using var test = new TestStore();
        var first = Put(test, "first");
        Assert.Single(List(test));
        var root = test.Store.Layout.Referrers(Name);
        File.Delete(Path.Join(test.Store.Layout.Referrers(Name, Subject), $"sha256-{first.Hex}"));
        var path = Path.Join(root, "stamp");
        var text = File.ReadAllText(path);
        switch (stamp)
        {
            case "removed":
                File.Delete(path);
                break;
            case "of another run of the machine":
                File.WriteAllText(path, $"00000000-0000-0000-0000-000000000000{text[text.IndexOf(' ', StringComparison.Ordinal)..]}");
                break;
            case "damaged":
                File.WriteAllText(path, "");
                break;
            default:
                Directory.SetLastWriteTimeUtc(test.Store.Layout.Revisions(Name, DigestAlgorithm.Sha256), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
                break;
        }

        Assert.Equal([first], List(test));
    }

    [Fact]
    public void List_DistributionPushed_HasItToo()
    {
        using var test = new TestStore();
        var ours = Put(test, "ours");
        Assert.Single(List(test));

        var json = Json("theirs");
        var theirs = TestStore.DigestOf(json);
        test.Write($"docker/registry/v2/blobs/sha256/{theirs.Hex[..2]}/{theirs.Hex}/data", json);
        test.Write($"docker/registry/v2/repositories/{Name}/_manifests/revisions/sha256/{theirs.Hex}/link", theirs.ToString());

        Assert.Equal([ours, theirs], List(test).ToHashSet());
    }

    [Fact]
    public void List_DistributionDeletedTheLink_HasItNoMore()
    {
        using var test = new TestStore();
        var gone = Put(test, "gone");
        var left = Put(test, "left");
        Assert.Equal(2, List(test).Count);

        File.Delete(test.Store.Layout.Revision(Name, gone));

        Assert.Equal([left], List(test));
    }

    [Fact]
    public void List_After_BeginsThere()
    {
        using var test = new TestStore();
        var all = Enumerable.Range(0, 5).Select(i => Put(test, $"{i}")).Order(Comparer<Digest>.Create(static (a, b) => string.CompareOrdinal(a.Hex, b.Hex))).ToArray();

        Assert.Equal(all[2..], List(test, $"sha256-{all[1].Hex}"));
        Assert.Equal(all, List(test, ""));
        Assert.Empty(List(test, "~"));
    }

    [Fact]
    public void List_DamagedEntry_IsLeftOut()
    {
        using var test = new TestStore();
        var damaged = Put(test, "damaged");
        var right = Put(test, "right");
        Assert.Equal(2, List(test).Count);
        var directory = test.Store.Layout.Referrers(Name, Subject);
        File.WriteAllText(Path.Join(directory, $"sha256-{damaged.Hex}"), "{\"artifactType\":7");
        File.WriteAllText(Path.Join(directory, "stray"), "{}");

        Assert.Equal([right], List(test));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\u0080é<>&+\"")]
    public void List_OddAnnotations_StandAsTheyWereWritten(string value)
    {
        using var test = new TestStore();
        var json = $"{{\"schemaVersion\":2,{SubjectJson}\"annotations\":{{ \"a\" : {value} }}}}";
        Put(test, json, MediaType.OciManifest);

        var (_, referrer) = Assert.Single(test.Store.Manifests.Referrers(Name, Subject, null));

        Assert.EndsWith($"\"annotations\":{{ \"a\" : {value} }}}}", Encoding.UTF8.GetString(referrer.Descriptor.Span));
    }

    [Fact]
    public void List_UnknownRepository_IsEmptyAndLeavesNothing()
    {
        using var test = new TestStore();

        Assert.Empty(List(test));

        Assert.False(Directory.Exists(test.Store.Layout.Repository(Name)));
    }

    private static List<Digest> List(TestStore test, string? after = null) =>
        [.. test.Store.Manifests.Referrers(Name, Subject, after).Select(static entry => Digest.Parse(entry.Key.Replace('-', ':')))];

    private static string SubjectJson => $"\"subject\":{{\"mediaType\":\"a/b\",\"digest\":\"{Subject}\",\"size\":1}},";

    private static string Json(string name, bool subject = true) =>
        $"{{\"schemaVersion\":2,{(subject ? SubjectJson : "")}\"annotations\":{{\"name\":\"{name}\"}}}}";

    private static Digest Put(TestStore test, string name, bool subject = true) => Put(test, Json(name, subject), MediaType.OciManifest);

    private static Digest Put(TestStore test, string json, string mediaType)
    {
        var digest = TestStore.DigestOf(json);
        test.Store.Manifests.Put(Name, new StoredManifest(digest, mediaType, Encoding.UTF8.GetBytes(json)));
        return digest;
    }
}
