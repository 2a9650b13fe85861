using System.Net;
using System.Text;
using System.Text.Json;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Server.Access;
using Registry.Server.Authentication;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests.Access;

/// <summary>A server with passwords: <c>admin</c>, <c>ci</c> and <c>reader</c>, each with the password <c>NAME-pass</c>.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    public const string Key = "abcdefghij0123456789";

    public const string Team = "team/app";

    private static readonly Lazy<string> Users = new(() =>
        string.Concat(new[] { "admin", "ci", "reader" }.Select(name => $"{name}:{BcryptHash.Create($"{name}-pass", BcryptHash.MinCost).Text}\n")));

    private readonly TemporaryDirectory _directory = new();

    private Guarded()
    {
    }

    public TestServer Server { get; private set; } = null!;

    public string UserFile => _directory.File("htpasswd");

    /// <summary>Admin may everything, ci may push to team/**, who is logged in may pull local content, anonymous may pull what is mirrored and open/**.</summary>
    public static AccessRule[] Rules { get; } =
    [
        Rule(["admin"], "**", RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete),
        Rule(["ci"], "team/**", RepositoryActions.Pull | RepositoryActions.Push),
        Rule(["reader"], "team/app", RepositoryActions.Pull),
        Rule([AccessRule.Anonymous], "**", RepositoryActions.Pull, mirrored: true),
        Rule([AccessRule.Anonymous], "open/**", RepositoryActions.Pull),
    ];

    public static async Task<Guarded> StartAsync(ScriptedUpstream? upstream = null, AccessOptions? access = null, UpstreamCredential? account = null, ServerOptions? options = null)
    {
        var guarded = new Guarded();
        await File.WriteAllTextAsync(guarded.UserFile, Users.Value, TestContext.Current.CancellationToken);
        guarded.Server = await TestServer.StartAsync(
            upstream, (options ?? new ServerOptions()) with { Passwords = new PasswordOptions("here", guarded.UserFile), Access = access ?? new AccessOptions() }, account);
        return guarded;
    }

    public static AccessRule Rule(string[] users, string pattern, RepositoryActions actions, string[]? networks = null, bool? mirrored = null) =>
        new(users, [NamePattern.TryParse(pattern, out var parsed) ? parsed : throw new FormatException(pattern)], actions, (networks ?? []).Select(IPNetwork.Parse), mirrored);

    public static (string Name, string Value) Basic(string user, string? password = null) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password ?? $"{user}-pass"}"))}");

    /// <summary>Gets a token as clients do, with or without credentials.</summary>
    public async Task<(string Name, string Value)> TokenAsync(string query, params (string Name, string Value)[] headers)
    {
        using var response = await Server.GetAsync($"/v2/token{query}", headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Header("Cache-Control"));
        using var body = JsonDocument.Parse(await response.TextAsync());
        var token = body.RootElement.GetProperty("token").GetString();
        Assert.Equal(token, body.RootElement.GetProperty("access_token").GetString());
        Assert.InRange(body.RootElement.GetProperty("expires_in").GetInt32(), 300, 3600);
        Assert.False(body.RootElement.TryGetProperty("refresh_token", out _));
        return ("Authorization", $"Bearer {token}");
    }

    /// <summary>The status of a GET.</summary>
    public async Task<int> StatusAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await Server.GetAsync(path, headers);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
