using Xunit;

namespace Registry.Server.Tests;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000")]
    [InlineData("localhost:5000", "127.0.0.1:5000")]
    [InlineData(":5000", "0.0.0.0:5000")]
    [InlineData("0.0.0.0:5000", "0.0.0.0:5000")]
    [InlineData("[::1]:5000", "[::1]:5000")]
    [InlineData("[::]:443", "[::]:443")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    public void Parse_AddressAsGoHasIt_IsThatEndpoint(string text, string endpoint) => Assert.Equal(endpoint, ListenAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("5000")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1: 1")]
    [InlineData("127.0.0.1:http")]
    [InlineData("registry.example.com:5000")]
    public void Parse_AnythingElse_SaysWhatIsWrong(string text)
    {
        var failure = Assert.Throws<FormatException>(() => ListenAddress.Parse(text));
        Assert.Contains("'", failure.Message, StringComparison.Ordinal);
    }
}
