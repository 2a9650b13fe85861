using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Registry.Server.Logging;
using Registry.Server.Tls;
using Registry.Testing;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.Server.Tests.Tls;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LineRecorder _log = new();
    private readonly LineLoggerProvider _logs;
    private readonly TestCertificates _first = new(TimeProvider.System);
    private readonly TestCertificates _second = new(TimeProvider.System);
    private readonly CurrentCertificate _current = new(new TlsOptions(), ClientAuthorities.Read(new TlsOptions()));
    private readonly CertificateFiles _files;

    public CertificateFilesTests()
    {
        _logs = new LineLoggerProvider(new LogOptions(), new LogSink(_log), _time);
        _files = new CertificateFiles(CertificateFile, KeyFile, _current, _logs.CreateLogger("registry"));
        Write(_first.ServerPem, _first.ServerKeyPem);
        _files.Load();
    }

    private string CertificateFile => _directory.File("fullchain.pem");

    private string KeyFile => _directory.File("privkey.pem");

    private X509Certificate2 Certificate => _current.Handshake.ServerCertificateContext!.TargetCertificate;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _logs.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Look_WrittenOver_IsTaken()
    {
        Write(_second.ServerPem, _second.ServerKeyPem);
        _files.Look();

        AssertIs(_second);
        Assert.Contains("a new certificate is in force", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Look_LinksLedElsewhere_IsTaken()
    {
        // As Kubernetes mounts secrets: the links stay, the link above them changes.
        Directory.CreateDirectory(_directory.File("..1"));
        Directory.CreateDirectory(_directory.File("..2"));
        Write(_first.ServerPem, _first.ServerKeyPem, "..1/");
        Write(_second.ServerPem, _second.ServerKeyPem, "..2/");
        File.Delete(CertificateFile);
        File.Delete(KeyFile);
        File.CreateSymbolicLink(_directory.File("..data"), "..1");
        File.CreateSymbolicLink(CertificateFile, "..data/fullchain.pem");
        File.CreateSymbolicLink(KeyFile, "..data/privkey.pem");
        _files.Look();
        AssertIs(_first);

        Directory.Delete(_directory.File("..data"));
        File.CreateSymbolicLink(_directory.File("..data"), "..2");
        _files.Look();

        AssertIs(_second);
    }

    [Fact]
    public void Look_OnlyTheCertificateIsThereYet_WaitsForTheKeyInSilence()
    {
        File.WriteAllText(CertificateFile, _second.ServerPem);
        _files.Look();
        AssertIs(_first);
        Assert.Empty(_log.Lines);

        File.WriteAllText(KeyFile, _second.ServerKeyPem);
        _files.Look();
        AssertIs(_second);
    }

    [Theory]
    [InlineData("mismatch")]
    [InlineData("rubbish")]
    [InlineData("gone")]
    [InlineData("empty")]
    public void Look_PairThatCannotBeUsed_IsRefusedOnceAndTheOldOneStays(string how)
    {
        switch (how)
        {
            case "mismatch":
                File.WriteAllText(CertificateFile, _second.ServerPem);
                break;
            case "rubbish":
                File.WriteAllText(KeyFile, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
                break;
            case "gone":
                File.Delete(KeyFile);
                break;
            default:
                Write("", "");
                break;
        }

        for (var i = 0; i < 5; i++)
        {
            _files.Look();
        }

        AssertIs(_first);
        var line = Assert.Single(_log.Lines);
        Assert.Contains("refused, the old pair stays in force", line, StringComparison.Ordinal);
        Assert.Contains(KeyFile, line, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", line, StringComparison.Ordinal);

        Write(_second.ServerPem, _second.ServerKeyPem);
        _files.Look();
        AssertIs(_second);
    }

    [Fact]
    public void Load_MissingFile_SaysWhich()
    {
        var files = new CertificateFiles(_directory.File("none.pem"), KeyFile, _current, _logs.CreateLogger("registry"));

        Assert.Contains("none.pem", Assert.Throws<CertificateException>(files.Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Expiry_ComesNear_IsSaidDailyAndThenAsAnError()
    {
        var notice = new ExpiryNotice(_current, _time, _logs.CreateLogger("registry"));
        notice.Look();
        notice.Look();
        Assert.Contains("level=warning", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(1));
        notice.Look();
        notice.Look();
        Assert.Equal(2, _log.Lines.Length);
        Assert.Contains("level=error", _log.Lines[1], StringComparison.Ordinal);
    }

    private void AssertIs(TestCertificates expected) => Assert.Equal(expected.Server.Thumbprint, Certificate.Thumbprint);

    private void Write(string certificate, string key, string below = "")
    {
        File.WriteAllText(_directory.File($"{below}fullchain.pem"), certificate);
        File.WriteAllText(_directory.File($"{below}privkey.pem"), key);
    }
}
