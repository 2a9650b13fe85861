using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Acme;
using Registry.Server.Logging;
using Registry.Server.Tls;
using Registry.Testing;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.Server.Tests.Acme;

/// <summary>Orders and renewals at a real authority, which refuses every second nonce, while the clock is ours.</summary>
public sealed class AcmeRenewalTests : IAsyncLifetime
{
    private const string Host = "registry.example.test";

    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificates _certificates = new(TimeProvider.System);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly Http01Challenges _challenges = new();
    private readonly LineRecorder _log = new();
    private readonly LineLoggerProvider _logs;
    private readonly HttpClient _http;
    private readonly CurrentCertificate _current;
    private WebApplication _listener = null!;

    public AcmeRenewalTests()
    {
        _logs = new LineLoggerProvider(new LogOptions(), new LogSink(_log), _time);
        _current = new CurrentCertificate(new TlsOptions(), ClientAuthorities.Read(new TlsOptions()));
        var root = X509Certificate2.CreateFromPem(_certificates.AuthorityPem);
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck } },
        });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string CacheFile => _directory.File("acme.json");

    private X509Certificate2 Certificate => _current.Handshake.ServerCertificateContext!.TargetCertificate;

    private bool IsSelfMade => Certificate.Subject == Certificate.Issuer;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _listener = builder.Build();
        _listener.Run(context => context.Response.WriteAsync(_challenges.Find(context.Request.Path.Value!.Split('/')[^1]) ?? "", Token));
        await _listener.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _http.Dispose();
        _logs.Dispose();
        await _log.DisposeAsync();
        _certificates.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Run_NothingStored_ServesASelfMadeCertificateUntilItHasARealOne()
    {
        await using var authority = await StartAuthorityAsync();
        var renewal = Create(authority.Directory);
        Assert.True(IsSelfMade);
        Assert.True(Certificate.MatchesHostname(Host));

        await using var run = Start(renewal);
        await UntilAsync(() => !IsSelfMade);

        Assert.Contains("Pebble", Certificate.Issuer, StringComparison.Ordinal);
        Assert.True(Certificate.MatchesHostname(Host));
        await UntilAsync(() => renewal.Due > _time.GetUtcNow());
        var (from, until) = _current.Life;
        Assert.InRange((renewal.Due - from) / (until - from), 2.0 / 3, (2.0 / 3) + (1.0 / 30));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CacheFile));
        }

        Assert.DoesNotContain(_log.Lines, static line => line.Contains("PRIVATE KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_StateOfARunBefore_IsInForceAtOnceAndNothingIsOrdered()
    {
        await using var authority = await StartAuthorityAsync();
        await using (Start(Create(authority.Directory)))
        {
            await UntilAsync(() => !IsSelfMade && Lines("is in force").Length == 1);
        }

        var serial = Certificate.SerialNumber;
        _current.Set(HostCertificate.SelfMade([Host], _time.GetUtcNow()), "");

        var again = Create(authority.Directory);

        Assert.Equal(serial, Certificate.SerialNumber);
        Assert.True(again.Due > _time.GetUtcNow());
        Assert.True(Create(authority.Directory, Host, "other.example.test").Due <= _time.GetUtcNow());
        Assert.True(Create(new Uri("https://other.example.test/dir")).Due <= _time.GetUtcNow());
        Assert.Equal(serial, Certificate.SerialNumber);
    }

    [Theory]
    [InlineData("no key at all")]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----")]
    public async Task Run_StoredAccountKeyIsNone_MakesAnAccountAnew(string key)
    {
        await using var authority = await StartAuthorityAsync();
        await File.WriteAllTextAsync(CacheFile, $$"""{"Directory":"{{authority.Directory}}","AccountKey":"{{key}}","Account":"{{authority.Directory}}/lost"}""", Token);

        await using var run = Start(Create(authority.Directory));

        await UntilAsync(() => !IsSelfMade);
        Assert.NotEmpty(Lines("does not hold the key of an account"));
    }

    [Fact]
    public async Task Run_AuthorityAwayWhenItIsDue_KeepsTheOldOneAndRenewsLater()
    {
        var authority = await StartAuthorityAsync();
        var renewal = Create(authority.Directory);
        await using var run = Start(renewal);
        await UntilAsync(() => !IsSelfMade && renewal.Due > _time.GetUtcNow());
        var serial = Certificate.SerialNumber;
        await authority.DisposeAsync();

        _time.SetUtcNow(renewal.Due);
        await UntilAsync(() => Lines("no new certificate").Length >= 3);
        Assert.Equal(serial, Certificate.SerialNumber);

        await using var back = await StartAuthorityAsync(port: authority.Directory.Port);
        await UntilAsync(() => Certificate.SerialNumber != serial);
        Assert.False(IsSelfMade);
    }

    [Fact]
    public async Task Run_StateCannotBeWrittenWhenItIsDue_OrdersNothing()
    {
        await using var authority = await StartAuthorityAsync();
        var renewal = Create(authority.Directory);
        await using var run = Start(renewal);
        await UntilAsync(() => !IsSelfMade && renewal.Due > _time.GetUtcNow());
        var serial = Certificate.SerialNumber;

        File.Delete(CacheFile);
        Directory.CreateDirectory(Path.Join(CacheFile, "in the way"));
        _time.SetUtcNow(renewal.Due);
        await UntilAsync(() => Lines("no new certificate").Length >= 3);

        Assert.Equal(serial, Certificate.SerialNumber);
        Assert.Single(Lines("ordering a certificate"));
    }

    [Fact]
    public async Task Run_AuthorityDoesNotReachUs_IsSaidAndTriedAgainEverLater()
    {
        // Nothing listens at this address: what the authority asks for is not there.
        await using var authority = await StartAuthorityAsync(IPAddress.Parse("127.0.0.2"));
        var renewal = Create(authority.Directory);
        await using var run = Start(renewal);

        await UntilAsync(() => Lines("no new certificate").Length >= 3);

        Assert.True(IsSelfMade);
        Assert.Contains(Host, Lines("no new certificate")[0], StringComparison.Ordinal);
        Assert.Contains("127.0.0.2", Lines("no new certificate")[0], StringComparison.Ordinal);
        var pauses = Lines("no new certificate").Select(PauseOf).ToArray();
        Assert.InRange(pauses[0], TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(150));
        Assert.True(pauses[2] > pauses[1] && pauses[1] > pauses[0], string.Join(' ', pauses));
    }

    [Fact]
    public async Task Create_StateThatIsRubbish_IsSaidAndMadeAnew()
    {
        await File.WriteAllTextAsync(CacheFile, "{\"directory\": 5", Token);

        var renewal = Create(new Uri("https://localhost/dir"));

        Assert.True(IsSelfMade);
        Assert.True(renewal.Due <= _time.GetUtcNow());
        Assert.Single(Lines("a new account and certificate are made"));
    }

    private AcmeRenewal Create(Uri directory, params string[] hosts)
    {
        var options = new AcmeOptions { CacheFile = CacheFile, Directory = directory, Hosts = hosts.Length == 0 ? [Host] : hosts, Email = "me@example.com" };
        return new AcmeRenewal(options, new AcmeIssuer(options, _http, _challenges, _time), _current, _time, new Random(1), _logs.CreateLogger("registry"));
    }

    private Task<AcmeAuthority> StartAuthorityAsync(IPAddress? address = null, int? port = null) => AcmeAuthority.StartAsync(
        _certificates, _directory, port, new Uri(_listener.Urls.First()).Port, address ?? IPAddress.Loopback, Token);

    private static BackgroundRun Start(AcmeRenewal renewal) => new(renewal.RunAsync);

    // The waits between questions and attempts are the clock's, the answers are the authority's own.
    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(5, Token);
        }
    }

    private static TimeSpan PauseOf(string line)
    {
        const string Announcement = "the next attempt is ";
        var next = line.AsSpan(line.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length, "2026-01-01 00:00:00Z".Length);
        return DateTimeOffset.Parse(next, CultureInfo.InvariantCulture) - DateTimeOffset.Parse(line.Split('"')[1], CultureInfo.InvariantCulture);
    }

    private string[] Lines(string text) => [.. _log.Lines.Where(line => line.Contains(text, StringComparison.Ordinal))];
}
