using CsCheck;
using Registry.Mirror.Routing;
using Registry.Storage.Content;

namespace Registry.Mirror.Tests.Routing;

public sealed class NamePatternTests
{
    [Fact]
    public void Matches_AnyPatternAndName_AgreesWithTheDefinition()
    {
        var pattern = Gen.Char["ab/***"].Array[1, 8].Select(characters => new string(characters));
        var name = Gen.Char["ab/"].Array[1, 8].Select(characters => new string(characters)).Where(text => RepositoryName.TryParse(text, out _));
        Gen.Select(pattern, name).Sample(
            (text, value) => NamePattern.TryParse(text, out var parsed) && parsed.Matches(RepositoryName.Parse(value)) == Matches(text, value), iter: 20_000);
    }

    [Theory]
    [InlineData("team/**", "team/app", true)]
    [InlineData("team/**", "team/app/part", true)]
    [InlineData("team/**", "team", false)]
    [InlineData("team/**", "teams/app", false)]
    [InlineData("team/*", "team/app", true)]
    [InlineData("team/*", "team/app/part", false)]
    [InlineData("*.private/**", "host.private/app", true)]
    [InlineData("*.private/**", "a/host.private/app", false)]
    [InlineData("**", "any/thing", true)]
    [InlineData("app", "app", true)]
    [InlineData("app", "my/app", false)]
    [InlineData("**/app", "app", false)]
    public void Matches_PatternsAsPeopleWriteThem_MeanWhatTheySay(string pattern, string name, bool matches)
    {
        Assert.True(NamePattern.TryParse(pattern, out var parsed));
        Assert.Equal(matches, parsed.Matches(RepositoryName.Parse(name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Team/**")]
    [InlineData("team/[a]")]
    [InlineData("team/?")]
    [InlineData("team app")]
    public void TryParse_WhatNoNameCanHold_IsRefused(string text) => Assert.False(NamePattern.TryParse(text, out _));

    [Fact]
    public void Matches_HostilePattern_EndsSoon()
    {
        Assert.True(NamePattern.TryParse(string.Concat(Enumerable.Repeat("*a", 127)), out var pattern));
        Assert.False(pattern.Matches(RepositoryName.Parse(new string('a', 254) + "b")));
        Assert.False(NamePattern.TryParse(new string('*', 256), out _));
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty)
        {
            return name.IsEmpty;
        }

        if (pattern.StartsWith("**"))
        {
            return Matches(pattern[2..], name) || (!name.IsEmpty && Matches(pattern, name[1..]));
        }

        if (pattern[0] == '*')
        {
            return Matches(pattern[1..], name) || (!name.IsEmpty && name[0] != '/' && Matches(pattern, name[1..]));
        }

        return !name.IsEmpty && pattern[0] == name[0] && Matches(pattern[1..], name[1..]);
    }
}
