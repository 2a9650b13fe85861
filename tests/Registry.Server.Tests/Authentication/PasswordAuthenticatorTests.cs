using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Authentication;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class PasswordAuthenticatorTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly HtpasswdFile _file;
    private readonly PasswordAuthenticator _passwords;

    public PasswordAuthenticatorTests()
    {
        Write("right");
        _file = new HtpasswdFile(Path, _time, NullLogger.Instance);
        _passwords = new PasswordAuthenticator(_file, _time, NullLogger.Instance);
    }

    private string Path => _directory.File("htpasswd");

    public void Dispose()
    {
        _passwords.Dispose();
        _file.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("alice:right", "alice")]
    [InlineData("alice:wrong", null)]
    [InlineData("alice:", null)]
    [InlineData("alice:right\0", null)]
    [InlineData("alice:right\0right", null)]
    [InlineData("Alice:right", null)]
    [InlineData("bob:right", null)]
    [InlineData(":", null)]
    [InlineData("alice", null)]
    public async Task Check_Credentials_SaysWhoseTheyAreTheFirstAndTheNextTime(string credentials, string? user)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new PasswordVerdict(user, TimeSpan.Zero), await CheckAsync(credentials));
        }
    }

    [Fact]
    public async Task Check_WrongAnswersRemembered_CostNoBudget()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False((await CheckAsync("alice:stale")).IsHeldBack);
        }

        Assert.Equal("alice", (await CheckAsync("alice:right")).User);
    }

    [Fact]
    public async Task Check_UnknownUser_SpendsTheSameBudgetAsAKnownOne()
    {
        Assert.Equal(await CountAsync("alice"), await CountAsync("nobody"));

        async Task<int> CountAsync(string user)
        {
            _time.Advance(TimeSpan.FromHours(1));
            var count = 0;
            while (!(await CheckAsync($"{user}:guess{count}")).IsHeldBack)
            {
                count++;
            }

            return count;
        }
    }

    [Fact]
    public async Task Check_PasswordChanged_OldOneIsForgotten()
    {
        Assert.Equal("alice", (await CheckAsync("alice:right")).User);
        Assert.Null((await CheckAsync("alice:other")).User);

        Write("other");
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null((await CheckAsync("alice:right")).User);
        Assert.Equal("alice", (await CheckAsync("alice:other")).User);
    }

    [Fact]
    public async Task Check_ManyAtOnce_AreChargedOnce()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => CheckAsync("alice:wrong").AsTask()));

        Assert.All(verdicts, verdict => Assert.Equal(PasswordVerdict.Wrong, verdict));
    }

    [Fact]
    public async Task Check_RememberedAnswer_AllocatesNothing()
    {
        await CheckAsync("alice:right");
        var credentials = "alice:right"u8.ToArray();
        await _passwords.CheckAsync(credentials, Address);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            await _passwords.CheckAsync(credentials, Address);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private ValueTask<PasswordVerdict> CheckAsync(string credentials) => _passwords.CheckAsync(Encoding.UTF8.GetBytes(credentials), Address);

    private void Write(string password) => File.WriteAllText(Path, $"alice:{BcryptHash.Create(password, BcryptHash.MinCost).Text}\n");
}
