using System.Net;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Listeners;
using Registry.Server.Requests;
using Xunit;

namespace Registry.Server.Tests.Listeners;

public sealed class RequestRateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Allows_OneClient_SoManyAtOnceAndThenSoManyPerSecond()
    {
        var rate = new RequestRate(10, _time);

        Assert.Equal(10, Count(rate, "192.0.2.1", 50));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(5, Count(rate, "192.0.2.1", 50));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(10, Count(rate, "192.0.2.1", 50));
    }

    [Fact]
    public void Allows_OtherClient_HasItsOwn()
    {
        var rate = new RequestRate(1, _time);

        Assert.Equal(1, Count(rate, "192.0.2.1", 5));
        Assert.Equal(1, Count(rate, "192.0.2.2", 5));
        Assert.Equal(1, Count(rate, "2001:db8::1", 5));
        Assert.Equal(0, Count(rate, "2001:db8::2", 5));
        Assert.Equal(1, Count(rate, "2001:db8:0:1::2", 5));
    }

    [Fact]
    public void Allows_ProxyWithoutAClientAndUnixSocket_AreNotCounted()
    {
        var rate = new RequestRate(1, _time);
        var proxy = new ClientOrigin(IPAddress.Loopback, "http", null) { IsTrustedProxy = true };

        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(rate.Allows(proxy)));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(rate.Allows(new ClientOrigin(null, "http", null))));
    }

    [Fact]
    public void Allows_MoreClientsThanAreToldApart_StayBoundedAndComeFreeAgain()
    {
        var rate = new RequestRate(2, _time);
        for (uint i = 0; i < 70_000; i++)
        {
            rate.Allows(Origin(new IPAddress(i)));
        }

        Assert.Equal(0, Count(rate, "203.0.113.200", 5));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, Count(rate, "203.0.113.201", 5));
        Assert.Equal(2, Count(rate, "203.0.113.202", 5));
    }

    private static int Count(RequestRate rate, string address, int requests) =>
        Enumerable.Range(0, requests).Count(_ => rate.Allows(Origin(IPAddress.Parse(address))));

    private static ClientOrigin Origin(IPAddress address) => new(address, "http", null);
}
