using CsCheck;
using Registry.Server.Access;
using Xunit;

namespace Registry.Server.Tests.Access;

public sealed class MirrorKeysTests
{
    private const string Secret = "abcdefghij0123456789";
    private const string Other = "zyxwvutsrq9876543210";

    private readonly MirrorKeys _keys = new([new MirrorKey("laptop", Secret), new MirrorKey("build", Other)]);

    [Theory]
    [InlineData($"/{Secret}/v2/", "/v2/", "laptop")]
    [InlineData($"/{Secret}/v2", "/v2", "laptop")]
    [InlineData($"/{Secret}/v2/library/nginx/manifests/1", "/v2/library/nginx/manifests/1", "laptop")]
    [InlineData($"/v2/{Other}/library/nginx/manifests/1", "/v2/library/nginx/manifests/1", "build")]
    [InlineData($"/{Secret}/v3/", $"/{Secret}/v3/", null)]
    [InlineData($"/{Secret}", $"/{Secret}", null)]
    [InlineData($"/{Secret}/v2x/", $"/{Secret}/v2x/", null)]
    [InlineData($"/v2/{Secret}", $"/v2/{Secret}", null)]
    [InlineData($"/v2/library/{Secret}/manifests/1", $"/v2/library/{Secret}/manifests/1", null)]
    [InlineData("/abcdefghij0123456780/v2/", "/abcdefghij0123456780/v2/", null)]
    [InlineData("/ABCDEFGHIJ0123456789/v2/", "/ABCDEFGHIJ0123456789/v2/", null)]
    [InlineData("/v2/", "/v2/", null)]
    [InlineData("/", "/", null)]
    [InlineData("", "", null)]
    public void Cut_Path_IsWithoutItsKey(string path, string rest, string? name)
    {
        Assert.Equal(name, _keys.Cut(path, out var cut)?.Name);
        Assert.Equal(rest, cut);
    }

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/KEY/v2/a/manifests/KEY")]
    [InlineData("/v2/token?scope=repository:KEY/a:pull")]
    [InlineData("/v2/token?scope=repository%3AKEY%2Fa%3Apull")]
    [InlineData("/%61bcdefghij0123456789/v2/")]
    [InlineData("/%2561bcdefghij0123456789/v2/")]
    public void Hide_Target_ShowsNoKey(string target)
    {
        var shown = _keys.Hide(target.Replace("KEY", Secret, StringComparison.Ordinal));

        Assert.DoesNotContain(Secret, Uri.UnescapeDataString(Uri.UnescapeDataString(shown)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Cut_AnyPath_NeverThrows() => Gen.String[Gen.Char["/v2abcdefghij0123456789%."], 0, 60].Sample(path => _keys.Cut(path, out _));

    [Theory]
    [InlineData("abcdefghij012345678", false)]
    [InlineData("abcdefghij0123456789", true)]
    [InlineData("abcdefghij012345678A", false)]
    [InlineData("abcdefghij012345678/", false)]
    public void IsWellFormed_Text_IsTwentyLettersAndDigitsOrMore(string text, bool expected) => Assert.Equal(expected, MirrorKey.IsWellFormed(text));
}
