using System.Text.RegularExpressions;
using CsCheck;
using Registry.Storage.Content;

namespace Registry.Storage.Tests.Content;

public sealed class TagTests
{
    // The grammar as the OCI distribution specification prints it.
    private static readonly Regex Whole = new(
        @"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Fact]
    public void TryParse_AnyText_AgreesWithTheGrammar() =>
        Gen.OneOf(Gen.Char["aZ0_.-/:%\n\0"].Array[0, 6].Select(characters => new string(characters)), Gen.String)
            .Sample(text => Tag.TryParse(text, out var tag) == Whole.IsMatch(text) && (tag is null || tag.Value == text), iter: 20_000);

    [Theory]
    [InlineData("latest")]
    [InlineData("V1.2.3-rc_4")]
    [InlineData("_")]
    [InlineData("0..")]
    public void TryParse_Tag_IsTaken(string text) => Assert.Equal(text, Tag.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".tmp")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("a%2e")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("\u0661")]
    [InlineData("a\u0661")]
    public void TryParse_WhatIsNoTag_IsRefused(string text)
    {
        Assert.False(Tag.TryParse(text, out var tag));
        Assert.Null(tag);
        Assert.Throws<FormatException>(() => Tag.Parse(text));
    }

    [Fact]
    public void TryParse_Lengths_Are128AtMost()
    {
        Assert.True(Tag.TryParse(new string('a', 128), out _));
        Assert.False(Tag.TryParse(new string('a', 129), out _));
        Assert.False(Tag.TryParse(new string('a', 256), out _));
    }
}
