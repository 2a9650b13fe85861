using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Access;
using Registry.Server.Requests;
using Xunit;

namespace Registry.Server.Tests.Access;

public sealed class OpenedAddressesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OpenedAddresses _opened;

    public OpenedAddressesTests() => _opened = new OpenedAddresses(_time, NullLogger.Instance) { Duration = TimeSpan.FromHours(24) };

    [Theory]
    [InlineData("198.51.100.1", "198.51.100.1", true)]
    [InlineData("198.51.100.1", "198.51.100.2", false)]
    [InlineData("2a00:1450::1", "2a00:1450::ffff", true)]
    [InlineData("2a00:1450::1", "2a00:1450:0:1::1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData("::1", "::1", false)]
    [InlineData("10.0.0.5", "10.0.0.5", false)]
    [InlineData("172.17.0.1", "172.17.0.1", false)]
    [InlineData("192.168.1.1", "192.168.1.1", false)]
    [InlineData("100.64.0.1", "100.64.0.1", false)]
    [InlineData("169.254.0.1", "169.254.0.1", false)]
    [InlineData("fd00::1", "fd00::1", false)]
    [InlineData("fe80::1", "fe80::1", false)]
    public void IsOpen_AfterALogin_IsThatPublicAddressAlone(string login, string pull, bool expected)
    {
        _opened.Open(Origin(login), "ci");

        Assert.Equal(expected, _opened.IsOpen(IPAddress.Parse(pull)));
    }

    [Fact]
    public void IsOpen_Proxy_IsNeverOpened()
    {
        _opened.Open(Origin("198.51.100.1") with { IsTrustedProxy = true }, "ci");

        Assert.False(_opened.IsOpen(IPAddress.Parse("198.51.100.1")));
    }

    [Fact]
    public void IsOpen_NextLogin_KeepsItOpen()
    {
        var address = IPAddress.Parse("198.51.100.1");
        _opened.Open(Origin("198.51.100.1"), "ci");
        _time.Advance(TimeSpan.FromHours(23));
        Assert.True(_opened.IsOpen(address));
        _opened.Open(Origin("198.51.100.1"), "ci");
        _time.Advance(TimeSpan.FromHours(23));
        Assert.True(_opened.IsOpen(address));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.False(_opened.IsOpen(address));
    }

    [Fact]
    public void Open_MoreThanTheBound_ClosesTheOldest()
    {
        for (var i = 0; i <= OpenedAddresses.MaxOpen; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _opened.Open(Origin($"20.0.{i / 256}.{i % 256}"), "ci");
        }

        Assert.False(_opened.IsOpen(IPAddress.Parse("20.0.0.0")));
        Assert.True(_opened.IsOpen(IPAddress.Parse("20.0.0.1")));
    }

    [Fact]
    public void IsOpen_WithoutTheOption_IsNothing()
    {
        var closed = new OpenedAddresses(_time, NullLogger.Instance);
        closed.Open(Origin("198.51.100.1"), "ci");

        Assert.False(closed.IsOpen(IPAddress.Parse("198.51.100.1")));
        Assert.False(_opened.IsOpen(null));
    }

    private static ClientOrigin Origin(string address) => new(IPAddress.Parse(address), "https", null);
}
