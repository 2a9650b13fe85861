using System.Net;
using Registry.Server.Listeners;
using Registry.Server.Requests;
using Xunit;

namespace Registry.Server.Tests.Listeners;

public sealed class ConnectionShareTests
{
    [Fact]
    public void TryEnter_OneClient_HasHalfAndGetsItBack()
    {
        var share = new ConnectionShare(10, new TrustedProxies([]));
        var client = ClientKey.Of(IPAddress.Parse("192.0.2.1"));

        Assert.Equal(5, Enumerable.Range(0, 10).Count(_ => share.TryEnter(client)));
        Assert.True(share.TryEnter(ClientKey.Of(IPAddress.Parse("192.0.2.2"))));
        share.Leave(client);
        Assert.True(share.TryEnter(client));
        Assert.False(share.TryEnter(client));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void Of_Addresses_AreOneClientOrTwo(string one, string other, bool same) =>
        Assert.Equal(same, ClientKey.Of(IPAddress.Parse(one)) == ClientKey.Of(IPAddress.Parse(other)));
}
