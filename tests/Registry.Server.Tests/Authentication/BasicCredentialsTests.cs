using System.Text;
using CsCheck;
using Registry.Server.Authentication;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class BasicCredentialsTests
{
    [Theory]
    [InlineData("Basic YTpi", true)]
    [InlineData("basic YTpi", true)]
    [InlineData("BASIC  YTpi ", true)]
    [InlineData("Basic YWI=", false)]
    [InlineData("Basic", false)]
    [InlineData("Basic ", false)]
    [InlineData("Basic YTpi=", false)]
    [InlineData("Bearer YTpi", false)]
    [InlineData("YTpi", false)]
    public void TryDecode_Header_IsBase64WithAColon(string header, bool expected) =>
        Assert.Equal(expected, BasicCredentials.TryDecode(header, new byte[BasicCredentials.MaxBytes], out _));

    [Fact]
    public void TryDecode_LongerThanTheBound_IsNone() =>
        Assert.False(BasicCredentials.TryDecode($"Basic {Convert.ToBase64String(new byte[BasicCredentials.MaxBytes + 1])}", new byte[BasicCredentials.MaxBytes], out _));

    [Fact]
    public void TryDecode_AnyText_NeverThrows() =>
        Gen.String[0, 300].Sample(text =>
        {
            BasicCredentials.TryDecode(text, new byte[BasicCredentials.MaxBytes], out _);
            BasicCredentials.TryDecode($"Basic {text}", new byte[BasicCredentials.MaxBytes], out _);
        });

    [Fact]
    public void TryPart_AnyUserAndPassword_ComeBack() =>
        Gen.Select(Gen.String.AlphaNumeric, Gen.String).Where((_, password) => !password.Contains('\0') && !password.Any(char.IsSurrogate)).Sample((user, password) =>
        {
            Assert.True(BasicCredentials.TryPart(Encoding.UTF8.GetBytes($"{user}:{password}"), out var foundUser, out var foundPassword));
            Assert.Equal((user, password), (foundUser, foundPassword));
        });

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)':', 0xff })]
    [InlineData(new byte[] { (byte)'a', (byte)':', (byte)'b', 0, (byte)'b' })]
    [InlineData(new byte[] { (byte)'a' })]
    public void TryPart_NoTextOrAZero_IsNone(byte[] credentials) => Assert.False(BasicCredentials.TryPart(credentials, out _, out _));
}
