using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Tests.Values;

public sealed class HostTextTests
{
    [Theory]
    [InlineData("docker.io")]
    [InlineData("reg.example.com:5000")]
    [InlineData("localhost")]
    [InlineData("10.0.0.1:5000")]
    [InlineData("[::1]:5000")]
    public void IsHost_HostOrHostAndPort_Accepts(string text) => Assert.True(HostText.IsHost(text));

    [Theory]
    [InlineData("")]
    [InlineData(":5000")]
    [InlineData("https://docker.io")]
    [InlineData("docker.io/library")]
    [InlineData("docker.io:0")]
    [InlineData("docker.io:70000")]
    [InlineData("docker..io")]
    [InlineData("-docker.io")]
    [InlineData("user@docker.io")]
    [InlineData("::1")]
    public void IsHost_AnythingElse_Refuses(string text) => Assert.False(HostText.IsHost(text));

    [Theory]
    [InlineData(":5000", true)]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("localhost:5000", true)]
    [InlineData("5000", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData(":port", false)]
    [InlineData("::1:5000", false)]
    public void IsAddress_TellsPortsFromTheRest(string text, bool expected) => Assert.Equal(expected, HostText.IsAddress(text));
}
