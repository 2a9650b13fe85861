using CsCheck;
using Registry.Server.Access;
using Registry.Server.Authentication;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class TokenScopeTests
{
    private const RepositoryActions All = RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete | RepositoryActions.Admin;

    [Theory]
    [InlineData("repository:library/nginx:pull", "library/nginx", RepositoryActions.Pull)]
    [InlineData("repository:a:pull,push", "a", RepositoryActions.Pull | RepositoryActions.Push)]
    [InlineData("repository:a:push", "a", RepositoryActions.Pull | RepositoryActions.Push)]
    [InlineData("repository:a:delete", "a", RepositoryActions.Delete)]
    [InlineData("repository:host:5000/a:pull", "host:5000/a", RepositoryActions.Pull)]
    [InlineData("repository(plugin):a:pull", "a", RepositoryActions.Pull)]
    [InlineData("repository:a:*", "a", All)]
    [InlineData("repository:a:", "a", All)]
    [InlineData("repository:a:pull,whatever", "a", All)]
    public void TryParse_Repository_GivesNameAndActions(string text, string name, RepositoryActions actions)
    {
        Assert.True(TokenScope.TryParse(text, out var scope));
        Assert.Equal(new TokenScope(name, actions), scope);
    }

    [Theory]
    [InlineData("registry:catalog:*")]
    [InlineData("repository:a")]
    [InlineData("repository")]
    [InlineData("repositories:a:pull")]
    [InlineData("repository(:a:pull")]
    [InlineData("aws")]
    [InlineData("")]
    public void TryParse_Other_IsNone(string text) => Assert.False(TokenScope.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_NeverThrows() => Gen.String[Gen.Char["repository():,pulsh*/ab"], 0, 60].Sample(text =>
    {
        if (TokenScope.TryParse(text, out var scope))
        {
            Assert.NotEqual(RepositoryActions.None, scope.Actions);
        }
    });
}
