using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Tests.Values;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("**")]
    [InlineData("team/**")]
    [InlineData("*.private/**")]
    [InlineData("library/nginx")]
    public void FindProblem_Pattern_IsNone(string text) => Assert.Null(NamePattern.FindProblem(text));

    [Theory]
    [InlineData("", "no pattern")]
    [InlineData("Team/**", "holds 'T'")]
    [InlineData("team\\x", "holds '\\'")]
    [InlineData("/team", "can match no name")]
    [InlineData("team/", "can match no name")]
    [InlineData("a//b", "can match no name")]
    [InlineData("a/***", "can match no name")]
    public void FindProblem_AnythingElse_SaysWhat(string text, string expected) =>
        Assert.Contains(expected, NamePattern.FindProblem(text), StringComparison.Ordinal);
}
