using System.Text.RegularExpressions;
using CsCheck;
using Registry.Storage.Content;

namespace Registry.Storage.Tests.Content;

public sealed class RepositoryNameTests
{
    // The grammar as the OCI distribution specification prints it.
    private static readonly Regex Whole = new(
        @"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    // Few enough characters that valid names are common, with those that tempt a parser among them.
    private static readonly Gen<string> NameLike = Gen.Char["ab09._-/A%\n\0"].Array[0, 12].Select(characters => new string(characters));

    private static readonly Gen<string> NearlyValid = Gen.OneOf("a", "b0", "9", ".", "_", "__", "-", "--", "/", "___", "..").Array[0, 10].Select(string.Concat);

    [Fact]
    public void TryParse_AnyText_AgreesWithTheGrammar() =>
        Gen.OneOf(NameLike, NearlyValid, Gen.String).Sample(
            text => RepositoryName.TryParse(text, out var name) == IsName(text) && (name is null || name.Value == text), iter: 20_000);

    [Theory]
    [InlineData("a")]
    [InlineData("library/nginx")]
    [InlineData("ghcr.io/owner/image")]
    [InlineData("a.b_c__d-e--f/0")]
    [InlineData("blobs/uploads/manifests/tags/list")]
    public void TryParse_Name_IsTaken(string text)
    {
        Assert.True(RepositoryName.TryParse(text, out var name));
        Assert.Equal(text, name.ToString());
        Assert.Equal(RepositoryName.Parse(text), name);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../etc")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("%2e%2e/a")]
    [InlineData("a/%2e%2e")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a\0")]
    [InlineData("a\0/b")]
    [InlineData("a\n")]
    [InlineData("a\r\nX: y")]
    [InlineData("a\\b")]
    [InlineData("_layers")]
    [InlineData("a/_manifests")]
    [InlineData("a/_registry/kind")]
    [InlineData("A")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a-")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("\u0661")]
    [InlineData("a\u0661")]
    [InlineData("\uff41")]
    [InlineData("caf\u00e9")]
    public void TryParse_WhatIsNoName_IsRefused(string text)
    {
        Assert.False(RepositoryName.TryParse(text, out var name));
        Assert.Null(name);
        Assert.Throws<FormatException>(() => RepositoryName.Parse(text));
    }

    [Fact]
    public void TryParse_Lengths_Are255AtMost()
    {
        Assert.True(RepositoryName.TryParse(new string('a', 255), out _));
        Assert.False(RepositoryName.TryParse(new string('a', 256), out _));
        Assert.False(RepositoryName.TryParse(string.Join('/', Enumerable.Repeat("a", 128)) + "bc", out _));
    }

    private static bool IsName(string text) => text.Length <= 255 && Whole.IsMatch(text);
}
