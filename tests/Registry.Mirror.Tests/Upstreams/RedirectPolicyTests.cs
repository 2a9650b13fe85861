using CsCheck;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class RedirectPolicyTests
{
    private static readonly Uri Endpoint = new("https://registry.example.com");
    private static readonly Uri From = new("https://registry.example.com/v2/a/blobs/x");

    [Theory]
    [InlineData("https://cdn.example.net/x?sig=1", "https://cdn.example.net/x?sig=1", false)]
    [InlineData("/elsewhere", "https://registry.example.com/elsewhere", true)]
    [InlineData("y", "https://registry.example.com/v2/a/blobs/y", true)]
    [InlineData("//cdn.example.net/x", "https://cdn.example.net/x", false)]
    [InlineData("https://REGISTRY.example.com:443/x", "https://registry.example.com/x", true)]
    [InlineData("https://registry.example.com:8443/x", "https://registry.example.com:8443/x", false)]
    public void Decide_GoodTarget_IsFollowed(string location, string target, bool keepsAuthorization)
    {
        var decision = Decide(location);

        Assert.Equal(target, decision.Target?.AbsoluteUri);
        Assert.Equal(keepsAuthorization, decision.KeepsAuthorization);
    }

    [Theory]
    [InlineData("http://registry.example.com/x")]
    [InlineData("ftp://cdn.example.net/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://10.0.0.1/x?secret")]
    [InlineData("https://169.254.169.254/latest/meta-data?secret")]
    [InlineData("https://[::ffff:127.0.0.1]/?secret")]
    [InlineData("https://localhost/?secret")]
    [InlineData(null)]
    public void Decide_BadTarget_IsRefusedWithoutItsQuery(string? location)
    {
        var decision = Decide(location);

        Assert.Null(decision.Target);
        Assert.DoesNotContain("secret", decision.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_PlainToHttps_DropsAuthorization()
    {
        var decision = RedirectPolicy.Decide(new Uri("http://reg.example.com/x"), new Uri("https://reg.example.com/x"), 0, new Uri("http://reg.example.com"), AddressClass.Public);

        Assert.NotNull(decision.Target);
        Assert.False(decision.KeepsAuthorization);
    }

    [Fact]
    public void Decide_PrivateTargetOfPrivateEndpoint_IsFollowed() =>
        Assert.NotNull(RedirectPolicy.Decide(From, new Uri("https://10.0.0.1/x"), 0, Endpoint, AddressClass.Private).Target);

    [Fact]
    public void Decide_AfterTen_IsRefused()
    {
        Assert.NotNull(RedirectPolicy.Decide(From, From, 9, Endpoint, AddressClass.Public).Target);
        Assert.Null(RedirectPolicy.Decide(From, From, 10, Endpoint, AddressClass.Public).Target);
    }

    [Fact]
    public void Decide_AnyTwoOrigins_KeepsAuthorizationOnlyWithinOne() =>
        Gen.Select(Gen.Char["abc"].Select(host => $"{host}.example.com"), Gen.Int[443, 445]).Array[2].Sample(origins =>
        {
            var (from, to) = (new Uri($"https://{origins[0].Item1}:{origins[0].Item2}/x"), new Uri($"https://{origins[1].Item1}:{origins[1].Item2}/y"));

            var decision = RedirectPolicy.Decide(from, to, 0, Endpoint, AddressClass.Public);

            Assert.Equal(to, decision.Target);
            Assert.Equal(origins[0] == origins[1], decision.KeepsAuthorization);
        });

    private static RedirectDecision Decide(string? location) =>
        RedirectPolicy.Decide(From, location is null ? null : new Uri(location, UriKind.RelativeOrAbsolute), 0, Endpoint, AddressClass.Public);
}
