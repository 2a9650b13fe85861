using Registry.Server.Access;

namespace Registry.Aot.Tests.Configuration;

public sealed class AccessSettingsTests : IDisposable
{
    private const string Secret = "abcdefghij0123456789";

    private const string Mirror = "version: 0.1\nproxy: {remoteurl: 'https://registry-1.docker.io'}\n";

    private const string Passwords = "auth: {htpasswd: {realm: r, path: /p}}\n";

    private readonly string _key = Path.GetTempFileName();

    public AccessSettingsTests() => File.WriteAllText(_key, $"{Secret}\n");

    public void Dispose() => File.Delete(_key);

    [Fact]
    public void Load_TheWhole_ReachesTheOptions()
    {
        var server = Given.File($$"""
            {{Mirror}}{{Passwords}}
            http: {secret: s3cr3t}
            access:
              rules:
                - {users: [admin], repositories: ["**"], actions: [pull, push, delete, admin]}
                - {users: [anonymous], from: [192.0.2.0/24, '2001:db8::/32', 198.51.100.7], mirrored: true, actions: [pull]}
              mirrorkeys: [{name: laptop, keyfile: {{_key}}}]
              loginopensmirror: 24h
            """).Server;

        Assert.Equal(("r", "/p", "s3cr3t"), (server.Passwords!.Realm, server.Passwords.Path, server.Passwords.TokenSecret));
        Assert.Equal([RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete | RepositoryActions.Admin, RepositoryActions.Pull], server.Access.Rules!.Select(rule => rule.Actions));
        Assert.Equal([false, true], server.Access.Rules!.Select(rule => rule.IsForAnonymous));
        Assert.Equal("laptop", Assert.Single(server.Access.MirrorKeys).Name);
        Assert.Equal(TimeSpan.FromHours(24), server.Access.LoginOpensMirror);
        Assert.DoesNotContain("s3cr3t", server.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, server.Access.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth: htpasswd", "config.yml:3:7: auth.htpasswd.path is missing; expected the file of users, such as /auth/htpasswd")]
    [InlineData("auth: {silly: {realm: r}}", "config.yml:3:8: auth.silly is not supported by this version; expected auth.htpasswd")]
    [InlineData("auth: {htpasswd: {realm: 'a\"b', path: /p}}", "config.yml:3:26: auth.htpasswd.realm cannot stand in a header; expected printable ASCII characters without quotes and backslashes")]
    [InlineData("access: {rules: [{actions: [pull]}]}", "config.yml:3:18: access.rules: a rule names no users; expected names, '*' for all who are logged in, or anonymous")]
    [InlineData("access: {rules: [{users: [], actions: [pull]}]}", "config.yml:3:18: access.rules: a rule names no users; expected names, '*' for all who are logged in, or anonymous")]
    [InlineData("access: {rules: [{users: [a]}]}", "config.yml:3:18: access.rules: a rule allows no actions; expected some of pull, push, delete, admin")]
    [InlineData("access: {rules: [{users: [a], actions: [pull], from: []}]}", "config.yml:3:48: access.rules: from is empty; expected values, or no from for all networks")]
    [InlineData("access: {rules: [{users: [a], actions: [pull], repositories: }]}", "config.yml:3:48: access.rules: repositories is empty; expected values, or no repositories for all repositories")]
    [InlineData("access: {loginopensmirror: 24h}", "config.yml:3:10: access.loginopensmirror stands without auth, so nobody logs in; expected both beside it")]
    [InlineData("access: {mirrorkeys: [{name: a}]}", "config.yml:3:23: access.mirrorkeys: a key has no name or no keyfile; expected both")]
    public void Load_WhatWouldMeanMoreThanWasMeant_IsAnError(string line, string expected) => Assert.Equal([expected], Given.ErrorsOf($"{Mirror}{line}"));

    [Fact]
    public void Load_WrongKeyFile_IsAnErrorThatDoesNotShowIt()
    {
        File.WriteAllText(_key, "Not-A-Key-At-All-Not");

        var error = Assert.Single(Given.ErrorsOf($"{Mirror}{Passwords}access: {{mirrorkeys: [{{name: a, keyfile: {_key}}}]}}"));

        Assert.EndsWith("holds no key; expected 20 to 128 lower-case letters and digits", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Not-A-Key", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MirrorKeyWhereEverybodyMayPull_IsAnError() =>
        Assert.Contains("so everybody may pull", Assert.Single(Given.ErrorsOf($"{Mirror}access: {{mirrorkeys: [{{name: a, keyfile: {_key}}}]}}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("", false)]
    [InlineData(Passwords, true)]
    [InlineData("access: {rules: [{users: [anonymous], from: [10.0.0.0/8], actions: [pull, push]}]}\n", true)]
    [InlineData("http: {addr: '127.0.0.1:5000'}\n", true)]
    [InlineData("http: {addr: '127.0.0.1:5000', trustedproxies: [127.0.0.1]}\n", false)]
    public void Load_Mirror_TakesPushesWhereSomebodyDecidesOnThem(string lines, bool expected) =>
        Assert.Equal(expected, Given.File($"{Mirror}{lines}").Writes.PushRefusal is null);

    [Fact]
    public void Print_Configuration_SaysWhereEachValueStandsAndHidesSecrets()
    {
        var settings = Given.File(
            $"{Mirror}{Passwords}http:\n  secret: s3cr3t-1\n  headers: {{X-A: ['b: c']}}\nredis: {{password: s3cr3t-2}}\n",
            ("REGISTRY_PROXY_PASSWORD", "s3cr3t-3"),
            ("REGISTRY_PROXY_USERNAME", "me"),
            ("REGISTRY_LOG_LEVEL", "debug"));

        var printed = Shown.Of(settings);

        Assert.DoesNotContain("s3cr3t", printed, StringComparison.Ordinal);
        Assert.Contains("  password: <hidden>  # REGISTRY_PROXY_PASSWORD\n", printed, StringComparison.Ordinal);
        Assert.Contains("  secret: <hidden>  # config.yml:5:3\n", printed, StringComparison.Ordinal);
        Assert.Contains("    path: /p  # config.yml:3:35\n", printed, StringComparison.Ordinal);
        Assert.Contains("  level: debug  # REGISTRY_LOG_LEVEL\n", printed, StringComparison.Ordinal);
        Assert.Contains("redis: <hidden>  # config.yml:7:1\n", printed, StringComparison.Ordinal);
        Assert.Contains("    X-A:\n      - 'b: c'  # config.yml:6:19\n", printed, StringComparison.Ordinal);
    }
}
