using Registry.Mirror.Credentials;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Credentials;

public sealed class RealmPolicyTests
{
    [Theory]
    [InlineData("registry-1.docker.io", "auth.docker.io")]
    [InlineData("ghcr.io", "GHCR.io")]
    [InlineData("registry.gitlab.com", "gitlab.com")]
    [InlineData("reg.example.co.uk", "auth.example.co.uk")]
    [InlineData("reg.example.com.", "auth.example.com")]
    [InlineData("localhost", "localhost")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void AreSame_OneSite_IsTrue(string one, string other) => Assert.True(Site.AreSame(one, other));

    [Theory]
    [InlineData("registry-1.docker.io", "docker.com")]
    [InlineData("a.co.uk", "b.co.uk")]
    [InlineData("gcr.io", "k8s.io")]
    [InlineData("reg.gcr.io", "gcr.io")]
    [InlineData("docker.io", "docker.io.evil.com")]
    [InlineData("docker.io", "evildocker.io")]
    [InlineData("10.1.2.3", "10.9.2.3")]
    [InlineData("192.168.2.3", "10.0.2.3")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("registry", "auth")]
    [InlineData("::1", "::2")]
    public void AreSame_TwoSites_IsFalse(string one, string other) => Assert.False(Site.AreSame(one, other));

    [Theory]
    [InlineData("https://registry-1.docker.io", "https://auth.docker.io/token")]
    [InlineData("http://reg.example.com:5000", "http://reg.example.com:5001/token")]
    [InlineData("http://reg.example.com", "https://auth.example.com/token")]
    [InlineData("https://reg.example.com", "https://login.elsewhere.net/token")]
    public void Refuse_GoodRealm_IsNot(string endpoint, string realm) =>
        Assert.Null(RealmPolicy.Refuse(new Uri(endpoint), new Uri(realm), ["login.elsewhere.net"], AddressClass.Public));

    [Theory]
    [InlineData("https://registry-1.docker.io", "https://auth.evil.com/token?x=secret")]
    [InlineData("https://registry-1.docker.io", "http://auth.docker.io/token")]
    [InlineData("https://registry-1.docker.io", "ftp://auth.docker.io/token")]
    [InlineData("https://registry-1.docker.io", "https://10.0.0.1/token")]
    public void Refuse_BadRealm_NamesItsHostOnly(string endpoint, string realm)
    {
        var refusal = RealmPolicy.Refuse(new Uri(endpoint), new Uri(realm), [], AddressClass.Public);

        Assert.Contains(new Uri(realm).Authority, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_AllowedRealmOnPrivateAddressOfPublicEndpoint_IsRefused() =>
        Assert.NotNull(RealmPolicy.Refuse(new Uri("https://reg.example.com"), new Uri("https://10.0.0.1/"), ["10.0.0.1"], AddressClass.Public));

    [Theory]
    [InlineData(null, "repository:library/nginx:pull")]
    [InlineData("", "repository:library/nginx:pull")]
    [InlineData("repository:user/image:pull", "repository:library/nginx:pull")]
    [InlineData("repository:library/nginx:pull,push", "repository:library/nginx:pull")]
    [InlineData("aws", "aws")]
    public void KeyFor_ScopeOfChallenge_IsOursUnlessOfAnotherForm(string? challenged, string asked) =>
        Assert.Equal(asked, new AuthenticationScheme.Bearer(new Uri("https://a/"), null, challenged).KeyFor(TestUpstreams.Repository).Scope);
}
