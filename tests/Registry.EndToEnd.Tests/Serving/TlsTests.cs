using Registry.EndToEnd.Clients;
using Registry.EndToEnd.Servers;
using Registry.Testing.Processes;
using Registry.Testing.Serving;
using Xunit;

namespace Registry.EndToEnd.Serving;

/// <summary>The native binary ends TLS itself, with certificate and key in files as certbot writes them.</summary>
public sealed class TlsTests : ServerTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Pull_OverTls_BringsTheImage()
    {
        using var certificates = new TestCertificates(TimeProvider.System);
        var trust = Directory.Subdirectory("trust");
        await File.WriteAllTextAsync(Path.Combine(trust, "ca.crt"), certificates.AuthorityPem, Token);
        await File.WriteAllTextAsync(Directory.File("server.pem"), certificates.ServerPem, Token);
        await File.WriteAllTextAsync(Directory.File("server.key"), certificates.ServerKeyPem, Token);
        await using var origin = await StartUpstreamAsync();
        var image = origin.Content.AddImage("library/alpine", "1", [3_000_000]);
        var port = FreePort.Find();
        var configuration = RegistryConfiguration.Tls(DataDirectory, port, Directory.File("server.pem"), Directory.File("server.key"));
        await using var server = await RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token);

        var push = await Command.RunAsync(
            "skopeo",
            ["--insecure-policy", "copy", "--preserve-digests", "--src-tls-verify=false", $"--dest-cert-dir={trust}",
             $"docker://{origin.Host}/library/alpine:1", $"docker://{server.Host}/team/app:1"],
            Token);
        push.Succeeded();
        var pulled = Directory.File("pulled");
        var pull = await Command.RunAsync(
            "skopeo", ["--insecure-policy", "copy", $"--src-cert-dir={trust}", $"docker://{server.Host}/team/app:1", $"dir:{pulled}"], Token);
        pull.Succeeded();

        await PulledDirectory.AssertHoldsAsync(pulled, image, Token);
    }
}
