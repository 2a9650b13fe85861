using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using Registry.Server.Authentication;

namespace Registry.Bench.Authentication;

/// <summary>What a request with a password that was right before, or with a token, pays.</summary>
public class PasswordBenchmarks
{
    private readonly string _path = Path.GetTempFileName();
    private HtpasswdFile _file = null!;
    private PasswordAuthenticator _passwords = null!;
    private Authenticator _authenticator = null!;
    private StringValues _basic;
    private StringValues _bearer;

    [GlobalSetup]
    public void Setup()
    {
        File.WriteAllText(_path, $"alice:{BcryptHash.Create("alice-pass", BcryptHash.MinCost).Text}\n");
        _file = new HtpasswdFile(_path, TimeProvider.System, NullLogger.Instance);
        _passwords = new PasswordAuthenticator(_file, TimeProvider.System, NullLogger.Instance);
        var signer = new TokenSigner(null, TimeProvider.System);
        _authenticator = new Authenticator(_passwords, signer);
        _basic = $"Basic {Convert.ToBase64String("alice:alice-pass"u8)}";
        _bearer = $"Bearer {signer.Issue(_file.Users.Find("alice"))}";
        while (!Remembers())
        {
            Thread.Yield();
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _passwords.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    [Benchmark]
    public ValueTask<bool> RememberedAsync() => IsUserAsync(_basic);

    [Benchmark]
    public ValueTask<bool> TokenAsync() => IsUserAsync(_bearer);

    private async ValueTask<bool> IsUserAsync(StringValues header) => (await _authenticator.IdentifyAsync(header, null)).User is not null;

    private bool Remembers()
    {
        var check = RememberedAsync().AsTask();
        return check.IsCompletedSuccessfully;
    }
}
