using CsCheck;
using Registry.Storage.Content;

namespace Registry.Storage.Tests.Repositories;

public sealed class CatalogTests
{
    // Names over few characters, so that one is often the beginning of another.
    private static readonly Gen<string> Names = Gen.OneOf("a", "b", "a-b", "a--b", "a.b", "a_b", "ab", "a0").Array[1, 3].Select(static parts => string.Join('/', parts));

    [Fact]
    public void List_AnyNames_AreInBytewiseOrderAfterAnyOther()
    {
        Gen.Select(Names.HashSet[0, 12], Gen.OneOf(Names, Gen.Char["ab./-_~"].Array[0, 6].Select(static chars => new string(chars)))).Sample(
            static (names, last) =>
            {
                using var test = new TestStore();
                foreach (var name in names)
                {
                    Directory.CreateDirectory(test.Store.Layout.Manifests(RepositoryName.Parse(name)));
                }

                var expected = names.Where(name => string.CompareOrdinal(name, last) > 0).Order(StringComparer.Ordinal);
                Assert.Equal(expected, test.Store.Catalog.List(last).Select(static name => name.Value));
            },
            iter: 300);
    }

    [Fact]
    public void List_WhatIsNoRepository_IsLeftOut()
    {
        using var test = new TestStore();
        var repositories = "docker/registry/v2/repositories";
        test.Write($"{repositories}/a/_uploads/x/data", "");
        test.Write($"{repositories}/b/_layers/sha256/x", "");
        test.Write($"{repositories}/NOT A NAME/_manifests/x", "");
        test.Write($"{repositories}/c/_manifests/x", "");
        test.Write($"{repositories}/file", "");

        Assert.Equal(["c"], test.Store.Catalog.List(null).Select(static name => name.Value));
    }

    [Fact]
    public void List_NoDirectory_IsEmpty()
    {
        using var test = new TestStore();
        Assert.Empty(test.Store.Catalog.List(null));
    }
}
