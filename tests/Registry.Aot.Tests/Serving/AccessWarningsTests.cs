using Registry.Aot.Serving;
using Registry.Aot.Tests.Configuration;
using Registry.Server.Logging;

namespace Registry.Aot.Tests.Serving;

public sealed class AccessWarningsTests
{
    private const string Tls = "tls: {letsencrypt: {cachefile: /none/acme, hosts: [r.example.com]}}";

    [Theory]
    [InlineData("addr: ':443', plain: {addr: ':80'}", "passwords are taken in clear text at :80, too")]
    [InlineData("addr: ':443', plain: {addr: ':80', redirect: true}", null)]
    [InlineData("addr: ':443', plain: {addr: '127.0.0.1:80'}", null)]
    [InlineData("addr: ':443', plain: {addr: ':80'}, trustedproxies: [192.0.2.1]", null)]
    public void Log_PasswordsAndAPlainListenerBesideTls_WarnsWhereItTakesThem(string http, string? expected)
    {
        var settings = Given.File($"version: 0.1\nhttp: {{{http}, {Tls}}}\nauth: {{htpasswd: {{realm: r, path: /none/users}}}}\n");
        using var lines = new MemoryStream();
        using var logs = new LineLoggerProvider(new LogOptions(), new LogSink(lines), TimeProvider.System);

        AccessWarnings.Log(settings, "https://[::]:443", logs.CreateLogger("registry"));

        var said = System.Text.Encoding.UTF8.GetString(lines.ToArray());
        Assert.Equal(expected is not null, said.Contains("level=warning", StringComparison.Ordinal));
        Assert.Contains(expected ?? "", said, StringComparison.Ordinal);
    }
}
