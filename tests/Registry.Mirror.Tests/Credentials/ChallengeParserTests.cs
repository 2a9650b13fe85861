using CsCheck;
using Registry.Mirror.Credentials;

namespace Registry.Mirror.Tests.Credentials;

public sealed class ChallengeParserTests
{
    private static readonly Gen<string> Token = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-_"], 1, 12];

    private static readonly Gen<(string Scheme, (string Name, string Value)[] Parameters)> Challenges =
        Gen.Select(Token, Gen.Select(Token, Gen.String[Gen.Char[' ', '~'], 0, 30]).Array[1, 5]);

    [Fact]
    public void Parse_DockerHub_GivesRealmServiceAndScope()
    {
        var challenge = Assert.Single(ChallengeParser.Parse(
            "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:library/nginx:pull,push\""));

        Assert.True(challenge.Is("bearer"));
        Assert.Equal("https://auth.docker.io/token", challenge["realm"]);
        Assert.Equal("registry.docker.io", challenge["service"]);
        Assert.Equal("repository:library/nginx:pull,push", challenge["scope"]);
    }

    [Fact]
    public void Parse_SeveralChallengesInOneHeader_GivesEach()
    {
        var challenges = ChallengeParser.Parse("Negotiate, NTLM TlRMTVNTUAAC==, bEARER REALM = \"a, b\" , Service=x, Basic realm=\"say \\\"hi\\\"\"");

        Assert.Equal(["Negotiate", "NTLM", "bEARER", "Basic"], challenges.Select(challenge => challenge.Scheme));
        Assert.Equal("a, b", challenges[2]["realm"]);
        Assert.Equal("x", challenges[2]["service"]);
        Assert.Equal("say \"hi\"", challenges[3]["realm"]);
    }

    [Fact]
    public void Parse_RealmWithoutQuotes_IsTakenWhole() =>
        Assert.Equal("https://auth.example/token?a=b", Assert.Single(ChallengeParser.Parse("Bearer realm=https://auth.example/token?a=b, service=s"))["realm"]);

    [Fact]
    public void Parse_ParameterTwice_FirstCounts() =>
        Assert.Equal("one", Assert.Single(ChallengeParser.Parse("Bearer realm=one, realm=two"))["realm"]);

    [Theory]
    [InlineData("")]
    [InlineData(",,,")]
    [InlineData("Bearer realm=\"never closed")]
    [InlineData("Bearer realm=\"ends in \\")]
    [InlineData("Bearer realm=\"a\"b")]
    [InlineData("=\"\"")]
    public void Parse_Malformed_GivesNothing(string header) => Assert.Empty(ChallengeParser.Parse(header));

    [Fact]
    public void Parse_TooLong_GivesNothing() =>
        Assert.Empty(ChallengeParser.Parse($"Bearer realm=\"{new string('a', ChallengeParser.LongestHeader)}\""));

    [Fact]
    public void Parse_TooMany_StopsAtTheBound() =>
        Assert.Equal(ChallengeParser.MostChallenges, ChallengeParser.Parse(string.Join(", ", Enumerable.Repeat("Basic realm=x", 100))).Count);

    [Fact]
    public void Parse_WellFormedOfAnyKind_GivesBackWhatWasWritten() => Challenges.Array[1, 4].Sample(challenges =>
    {
        var header = string.Join(", ", challenges.Select(challenge =>
            $"{challenge.Scheme} {string.Join(',', challenge.Parameters.Select(parameter => $"{parameter.Name}=\"{Quote(parameter.Value)}\""))}"));

        var parsed = ChallengeParser.Parse(header);

        Assert.Equal(challenges.Length, parsed.Count);
        foreach (var (written, read) in challenges.Zip(parsed))
        {
            Assert.Equal(written.Scheme, read.Scheme);
            Assert.All(written.Parameters.DistinctBy(parameter => parameter.Name), parameter => Assert.Equal(parameter.Value, read[parameter.Name]));
        }
    });

    [Fact]
    public void Parse_Anything_NeverThrowsAndStaysBounded() => Gen.String[Gen.OneOf(Gen.Char["\"\\,= \tabBearer"], Gen.Char), 0, 200].Sample(
        header => Assert.InRange(ChallengeParser.Parse(header).Count, 0, ChallengeParser.MostChallenges));

    private static string Quote(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
