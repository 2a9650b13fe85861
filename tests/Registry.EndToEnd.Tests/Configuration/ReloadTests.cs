using System.Net;
using Registry.EndToEnd.Logins;
using Registry.EndToEnd.Servers;
using Registry.Testing.Images;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Configuration;

/// <summary>The native binary takes another configuration while it serves.</summary>
public sealed class ReloadTests : LoginTest
{
    private const string Image = "library/probe";

    private const string NobodyElse = "rules: [{users: [alice], actions: [pull, push, delete]}]";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task File_GivenAnotherRule_LetsAnonymousInWithoutARestart()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Image, "1", [1000]);
        await using var server = await StartAsync(upstream, NobodyElse);
        using var api = new RegistryApi(server.Url);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api));

        await ReplaceAsync(NobodyElse, AnonymousPulls);
        await SaysAsync(server, "what has changed: access.rules");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api));

        await ReplaceAsync(AnonymousPulls, NobodyElse);
        await server.Process.WaitUntilAsync(async _ => await StatusAsync(api) == HttpStatusCode.Unauthorized, Token);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task File_ThatIsWrong_IsRefusedWithItsPlaceAndTheOldOneServes()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Image, "1", [1000]);
        await using var server = await StartAsync(upstream, AnonymousPulls);
        using var api = new RegistryApi(server.Url);

        await ReplaceAsync("freshness", "freshnes");
        await SaysAsync(server, $"{ConfigurationFile}:12:7: ");
        await SaysAsync(server, "the one before stays in force");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task HangUp_TakesThePasswordOfAnUpstreamFromItsFile()
    {
        await using var upstream = await StartUpstreamAsync();
        upstream.Content.AddImage(Image, "1", [1000]);
        await File.WriteAllTextAsync(Directory.File("password"), "one\n", Token);
        await using var server = await StartAsync(upstream, AnonymousPulls);
        await ReplaceAsync("freshness: 60s", $"freshness: 60s\n      username: user\n      passwordfile: {Directory.File("password")}");
        await SaysAsync(server, "what has changed: mirror.upstreams");

        await File.WriteAllTextAsync(Directory.File("password"), "\n", Token);
        await HangUpAsync(server);
        await SaysAsync(server, "is empty; expected a password in it");

        await File.WriteAllTextAsync(Directory.File("password"), "two\n", Token);
        await HangUpAsync(server);
        await SaysAsync(server, "what has changed: nothing");
        Assert.DoesNotContain("two", server.Process.Said, StringComparison.Ordinal);
        Assert.False(server.Process.HasExited);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task HangUp_AgainAndAgainDuringAPull_DisturbsNothing()
    {
        await using var upstream = await StartUpstreamAsync();
        var content = new SeededContent(1, 8 << 20);
        upstream.Content.AddBlob(Image, content);
        var gate = upstream.OnBlob(content.Digest).First().StallAfter(1 << 20);
        await using var server = await StartAsync(upstream, AnonymousPulls);

        // On one connection the second half is asked for after the reloads.
        await ReplaceAsync("mirror:", "mirror:\n  fetch: {connections: 1}");
        await SaysAsync(server, "what has changed: mirror.fetch.connections");
        using var client = new HttpClient { BaseAddress = server.Url };
        using var response = await client.GetAsync($"/v2/{Image}/blobs/{content.Digest}", HttpCompletionOption.ResponseHeadersRead, Token);
        await gate.Reached.WaitAsync(Token);
        Assert.Single(upstream.Log.Requests);

        for (var i = 1; i <= 5; i++)
        {
            await ReplaceAsync(i == 1 ? "freshness: 60s" : $"freshness: {i - 1}s", $"freshness: {i}s");
            await HangUpAsync(server);
            await server.Process.WaitUntilAsync(_ => Task.FromResult(Count(server.Process.Said, "the configuration was read again") > i), Token);
        }

        gate.Release();
        Assert.Equal(content.Digest, Storage.Content.Digest.Of(Storage.Content.DigestAlgorithm.Sha256, await response.Content.ReadAsByteArrayAsync(Token)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task File_OtherLevel_IsThatOfTheLog()
    {
        await using var upstream = await StartUpstreamAsync();
        var content = new SeededContent(1, 1 << 20);
        upstream.Content.AddBlob(Image, content);
        upstream.OnBlob(content.Digest).First().ResetAfter(1000);
        await using var server = await StartAsync(upstream, AnonymousPulls);
        await ReplaceAsync("version: 0.1", "version: 0.1\nlog: {level: debug}");
        await SaysAsync(server, "what has changed: log.level");

        using var api = new RegistryApi(server.Url);
        await api.GetAsync($"/v2/{Image}/blobs/{content.Digest}", Token);

        Assert.Contains("level=debug msg=\"a transfer of", server.Process.Said, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task HangUp_ConfigurationFromAPipe_IsRefusedAndTheServerStopsAsEver()
    {
        var port = FreePort.Find();
        await File.WriteAllTextAsync(ConfigurationFile, RegistryConfiguration.Private(DataDirectory, port), Token);
        await using var server = Daemon.Start("bash", ["-c", $"exec {RegistryProcess.Binary} serve <(cat {ConfigurationFile})"], new Dictionary<string, string?> { ["REGISTRY_BINARY"] = null });
        await server.WaitUntilAsync(token => Readiness.AnswersAsync(new Uri($"http://127.0.0.1:{port}"), token), Token);

        (await Command.RunAsync("kill", ["-HUP", $"{server.Id}"], Token)).Succeeded();
        await server.WaitUntilAsync(_ => Task.FromResult(server.Said.Contains("is a pipe, and cannot be read a second time", StringComparison.Ordinal)), Token);

        await server.TerminateAsync(Token);
        Assert.Equal(0, await server.WaitForExitAsync(Token));
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    private static Task SaysAsync(RegistryProcess server, string text) =>
        server.Process.WaitUntilAsync(_ => Task.FromResult(server.Process.Said.Contains(text, StringComparison.Ordinal)), Token);

    private static async Task HangUpAsync(RegistryProcess server) =>
        (await Command.RunAsync("kill", ["-HUP", $"{server.Process.Id}"], Token)).Succeeded();

    private static async Task<HttpStatusCode> StatusAsync(RegistryApi api) => (await api.GetAsync($"/v2/{Image}/manifests/1", Token)).Status;

    // By rename, so that the server never sees half a file.
    private async Task ReplaceAsync(string old, string with)
    {
        var text = await File.ReadAllTextAsync(ConfigurationFile, Token);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync($"{ConfigurationFile}.new", text.Replace(old, with, StringComparison.Ordinal), Token);
        File.Move($"{ConfigurationFile}.new", ConfigurationFile, overwrite: true);
    }
}
