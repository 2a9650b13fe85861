using Registry.EndToEnd.Clients;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Logins;

/// <summary>Real clients before a mirror with passwords: logins, pushes beside anonymous pulls, foreign credentials, mirror keys.</summary>
public sealed class ClientLoginTests : LoginTest
{
    private const string Image = "probe";

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("podman")]
    [InlineData("skopeo")]
    public async Task Login_Password_SucceedsWhenItIsRight(string program)
    {
        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartAsync(upstream, AnonymousPulls);

        var right = await LoginAsync(program, server.Host, "alice", "alice-pass");
        var wrong = await LoginAsync(program, server.Host, "alice", "wrong");
        var nobody = await LoginAsync(program, server.Host, "nobody", "alice-pass");

        right.Succeeded();
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.NotEqual(0, nobody.ExitCode);
        Assert.DoesNotContain("alice-pass", server.Process.Said, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Skopeo_Push_NeedsTheLoginAndPullsDoNot()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage($"library/{Image}", "1", [30_000]);
        await using var server = await StartAsync(upstream, AnonymousPulls);
        var skopeo = new Skopeo(Directory);

        await skopeo.PullAsync($"{server.Host}/library/{Image}:1", Token);
        var anonymous = await Command.RunAsync("skopeo", Copy(server.Host), Token);
        var wrong = await Command.RunAsync("skopeo", [.. Copy(server.Host), "--dest-creds", "alice:wrong"], Token);
        (await Command.RunAsync("skopeo", [.. Copy(server.Host), "--dest-creds", "alice:alice-pass"], Token)).Succeeded();

        Assert.NotEqual(0, anonymous.ExitCode);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.NotEqual(0, (await Skopeo.TryPullAsync($"{server.Host}/team/app:1", Directory.File("refused"), Token)).ExitCode);
        await skopeo.PullAsync($"{server.Host}/team/app:1", Token, "--src-creds", "alice:alice-pass");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Docker_Daemon_LogsInPushesAndPullsThroughTheMirrorWithForeignCredentials()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage($"library/{Image}", "1", [30_000]);
        await using var server = await StartAsync(upstream, AnonymousPulls);
        await using var docker = await DockerClient.StartAsync(server.Host, Directory, Token);

        await docker.PullAsync(Image, "1", image, Token);
        Assert.NotEqual(0, (await docker.TryLoginAsync(server.Host, "alice", "wrong", Token)).ExitCode);
        (await docker.TryLoginAsync(server.Host, "alice", "alice-pass", Token)).Succeeded();
        await docker.PushAsync(Image, "1", $"{server.Host}/team/app:1", Token);

        await docker.RemoveAsync(Image, "1", Token);
        await docker.PretendHubLoginAsync("hub-user", "hub-s3cret", Token);
        await docker.PullAsync(Image, "1", image, Token);
        Assert.DoesNotContain("hub-s3cret", server.Process.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("hub-user", server.Process.Said, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Docker_DaemonWithoutAWayIn_GetsNothing()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage($"library/{Image}", "1", [30_000]);
        await using var server = await StartAsync(upstream, KeyAlone);
        await using var docker = await DockerClient.StartAsync(server.Host, Directory, Token);

        Assert.NotEqual(0, (await docker.TryPullAsync($"{Image}:1", Token)).ExitCode);
        Assert.Empty(upstream.Log.Requests);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Containerd_WithoutAPassword_PullsWithTheMirrorsKey()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage($"library/{Image}", "1", [30_000]);
        await using var server = await StartAsync(upstream, KeyAlone);
        await using var containerd = await ContainerdClient.StartAsync($"{server.Host}/{Key}", Directory, Token);

        await containerd.PullAsync(Image, "1", image, Token);

        Assert.DoesNotContain(Key, server.Process.Said, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Podman_WithoutAPassword_PullsWithTheMirrorsKey()
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage($"library/{Image}", "1", [30_000]);
        await using var server = await StartAsync(upstream, KeyAlone);
        await using var podman = await PodmanClient.CreateAsync("podman", $"{server.Host}/{Key}", Directory, Token);

        await podman.PullAsync(Image, "1", image, Token);

        Assert.DoesNotContain(Key, server.Process.Said, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_MirrorThatNoDaemonGetsInto_SaysSoAndNamesThreeWays()
    {
        await using var upstream = await StartUpstreamAsync();
        await using var server = await StartAsync(upstream, "rules: [{users: ['*'], actions: [pull]}]");

        await server.Process.WaitUntilAsync(_ => Task.FromResult(server.Process.Said.Contains("access.rules", StringComparison.Ordinal)), Token);
        Assert.Contains("access.mirrorkeys", server.Process.Said, StringComparison.Ordinal);
        Assert.Contains("access.loginopensmirror", server.Process.Said, StringComparison.Ordinal);
    }

    private static string[] Copy(string host) =>
        ["--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{host}/library/{Image}:1", $"docker://{host}/team/app:1"];

    private Task<CommandResult> LoginAsync(string program, string host, string user, string password) => Command.RunAsync(
        program, ["login", "--tls-verify=false", "--authfile", Directory.File($"{program}-auth.json"), "--username", user, "--password", password, host], Token);
}
