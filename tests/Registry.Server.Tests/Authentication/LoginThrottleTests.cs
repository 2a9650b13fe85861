using System.Net;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Authentication;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class LoginThrottleTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _time = new();
    private readonly LoginThrottle _throttle;

    public LoginThrottleTests() => _throttle = new LoginThrottle(_time);

    [Fact]
    public void Charge_OneUserFromOneAddress_IsHeldBackAfterAFew()
    {
        Assert.Equal(5, CountUntilHeldBack(_ => Attacker, _ => "alice"));
        Assert.True(_throttle.Charge(Attacker, "alice") > TimeSpan.Zero);
        _time.Advance(_throttle.Charge(Attacker, "alice"));
        Assert.Equal(TimeSpan.Zero, _throttle.Charge(Attacker, "alice"));
    }

    [Fact]
    public void Charge_ManyUsersFromOneAddress_IsHeldBack() => Assert.InRange(CountUntilHeldBack(_ => Attacker, i => $"user{i}"), 10, 10);

    [Fact]
    public void Charge_OneUserFromManyAddresses_HoldsThoseBackThatWereWrongBefore()
    {
        for (var i = 0; i < 30; i++)
        {
            _throttle.Charge(IPAddress.Parse($"20.0.0.{i}"), "alice");
        }

        Assert.True(_throttle.Charge(IPAddress.Parse("20.0.0.1"), "alice") > TimeSpan.Zero);
    }

    [Fact]
    public void Charge_UserUnderAttackFromElsewhere_StillGetsInFromHome()
    {
        for (var i = 0; i < 100; i++)
        {
            _throttle.Charge(IPAddress.Parse($"20.0.0.{i % 50}"), "alice");
        }

        Assert.Equal(TimeSpan.Zero, _throttle.Charge(Home, "alice"));
    }

    [Fact]
    public void Charge_KnownUserBehindTheAttackersAddress_StillGetsIn()
    {
        Assert.Equal(TimeSpan.Zero, _throttle.Charge(Attacker, "alice"));
        _throttle.Right(Attacker, "alice");
        CountUntilHeldBack(_ => Attacker, i => $"user{i}");

        Assert.Equal(TimeSpan.Zero, _throttle.Charge(Attacker, "alice"));
    }

    [Fact]
    public void Charge_RightPasswords_CostNothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, _throttle.Charge(Home, "alice"));
            _throttle.Right(Home, "alice");
        }
    }

    private int CountUntilHeldBack(Func<int, IPAddress> address, Func<int, string> user)
    {
        var count = 0;
        while (_throttle.Charge(address(count), user(count)) == TimeSpan.Zero)
        {
            count++;
            Assert.InRange(count, 0, 1000);
        }

        return count;
    }
}
