using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Tests.Values;

public sealed class UrlTextTests
{
    [Theory]
    [InlineData("https://registry-1.docker.io")]
    [InlineData("http://10.0.0.1:5000/path/")]
    [InlineData("https://[::1]:5000")]
    public void FindProblem_PlainUrl_IsNone(string text) => Assert.Null(UrlText.FindProblem(text, ["https", "http"]));

    [Theory]
    [InlineData("registry-1.docker.io", "not an absolute URL")]
    [InlineData("docker.io:5000", "not an absolute URL")]
    [InlineData("/path", "not an absolute URL")]
    [InlineData("https://höst", "not an absolute URL")]
    [InlineData("https://ho st", "not an absolute URL")]
    [InlineData("ftp://host", "scheme")]
    [InlineData("https://me:secret@host", "a user or a password")]
    [InlineData("https://secret@host", "a user or a password")]
    [InlineData("https://host?secret", "a query or a fragment")]
    [InlineData("https://host#secret", "a query or a fragment")]
    public void FindProblem_AnythingElse_SaysWhatWithoutShowingIt(string text, string expected)
    {
        var problem = UrlText.FindProblem(text, ["https", "http"]);

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }
}
