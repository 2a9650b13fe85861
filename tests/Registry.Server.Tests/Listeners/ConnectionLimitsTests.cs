using System.Net;
using Registry.Server.Listeners;
using Registry.Server.Requests;
using Xunit;

namespace Registry.Server.Tests.Listeners;

public sealed class ConnectionLimitsTests
{
    private static readonly UInt128 One = ClientKey.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly UInt128 Other = ClientKey.Of(IPAddress.Parse("192.0.2.2"));

    [Fact]
    public void TryEnter_OneClient_HasHalfAndGetsItBack()
    {
        var limits = new ConnectionLimits(10, new TrustedProxies([]));

        Assert.Equal(5, Enumerable.Range(0, 10).Count(_ => limits.TryEnter(One)));
        Assert.True(limits.TryEnter(Other));
        limits.Leave(One);
        Assert.True(limits.TryEnter(One));
        Assert.False(limits.TryEnter(One));
    }

    [Fact]
    public void TryEnter_AllTogether_HaveNoMoreThanTheBound()
    {
        var limits = new ConnectionLimits(10, new TrustedProxies([]));

        Assert.Equal(8, Enumerable.Range(0, 8).Count(_ => limits.TryEnter(null)));
        Assert.True(limits.TryEnter(One));
        Assert.True(limits.TryEnter(One));
        Assert.False(limits.TryEnter(Other));
        limits.Leave(null);
        Assert.True(limits.TryEnter(Other));
        Assert.False(limits.TryEnter(null));
    }

    [Fact]
    public void Resize_FewerThanAreOpen_TakesNoneUntilThereIsRoom()
    {
        var limits = new ConnectionLimits(4, new TrustedProxies([]));
        Assert.Equal(4, Enumerable.Range(0, 5).Count(_ => limits.TryEnter(null)));

        limits.Resize(2);
        limits.Leave(null);
        limits.Leave(null);
        Assert.False(limits.TryEnter(null));
        limits.Leave(null);
        Assert.True(limits.TryEnter(null));
        Assert.False(limits.TryEnter(null));
        limits.Resize(3);
        Assert.True(limits.TryEnter(null));
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
