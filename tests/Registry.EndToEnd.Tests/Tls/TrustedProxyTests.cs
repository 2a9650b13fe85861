using Registry.EndToEnd.Servers;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Tls;

/// <summary>nginx in front of the binary, as people have it.</summary>
public sealed class TrustedProxyTests : TlsTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_ThroughNginx_TheClientIsLoggedAndWhatItMadeUpIsNot()
    {
        var (port, front) = (FreePort.Find(), FreePort.Find());
        await WriteCertificatesAsync(Certificates);
        await using var server = await RegistryProcess.StartAsync(
            $$"""
            {{RegistryConfiguration.Private(DataDirectory, port)}}
              trustedproxies: [127.0.0.1]
              hsts: {maxage: 3600}
            """,
            port, ConfigurationFile, Token);
        await File.WriteAllTextAsync(Directory.File("nginx.conf"), NginxConfiguration(front, port), Token);
        await using var nginx = Daemon.Start("nginx", ["-e", Directory.File("nginx.log"), "-c", Directory.File("nginx.conf")]);
        await nginx.WaitUntilAsync(async _ => (await CurlAsync("--cacert", AuthorityFile, $"https://localhost:{front}/v2/")).ExitCode == 0, Token);

        var answer = (await CurlAsync(
            "-i", "--interface", "127.0.0.2", "--cacert", AuthorityFile, "-H", "X-Forwarded-For: 203.0.113.99", $"https://127.0.0.1:{front}/v2/team/app/tags/list")).Succeeded();

        await server.Process.WaitUntilAsync(_ => Task.FromResult(server.Process.Said.Contains("tags/list", StringComparison.Ordinal)), Token);
        Assert.Contains("127.0.0.2 - - [", server.Process.Said);
        Assert.DoesNotContain("203.0.113.99", server.Process.Said);
        Assert.Contains("max-age=3600", answer);
    }

    private string NginxConfiguration(int front, int port) =>
        $$"""
        daemon off;
        pid {{Directory.File("nginx.pid")}};
        events {}
        http {
          access_log off;
          client_body_temp_path {{Directory.File("body")}};
          proxy_temp_path {{Directory.File("proxy")}};
          fastcgi_temp_path {{Directory.File("fastcgi")}};
          uwsgi_temp_path {{Directory.File("uwsgi")}};
          scgi_temp_path {{Directory.File("scgi")}};
          server {
            listen 127.0.0.1:{{front}} ssl;
            ssl_certificate {{CertificateFile}};
            ssl_certificate_key {{KeyFile}};
            location / {
              proxy_pass http://127.0.0.1:{{port}};
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
            }
          }
        }
        """;
}
