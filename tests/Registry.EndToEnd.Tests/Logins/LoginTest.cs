using Registry.EndToEnd.Servers;
using Registry.Testing;
using Registry.Testing.Processes;

namespace Registry.EndToEnd.Logins;

/// <summary>A mirror with passwords: <c>alice</c>, whose password is <c>alice-pass</c>, may do everything.</summary>
public abstract class LoginTest : ServerTest
{
    private protected const string Key = "abcdefghij0123456789";

    private protected string Users => Directory.File("htpasswd");

    /// <summary>Runs <c>registry user</c> with a password on standard input.</summary>
    private protected Task<CommandResult> UserAsync(string call, string password = "") =>
        Command.RunAsync("sh", ["-c", $"printf '%s\\n' \"$PASSWORD\" | {RegistryProcess.Binary} user {call} --file {Users}"], Token, new Dictionary<string, string?> { ["PASSWORD"] = password });

    private protected async Task<RegistryProcess> StartAsync(ScriptedUpstream upstream, string access)
    {
        (await UserAsync("add alice --cost 5", "alice-pass")).Succeeded();
        await File.WriteAllTextAsync(Directory.File("key"), $"{Key}\n", Token);
        var port = FreePort.Find();
        var configuration =
            $$"""
            {{RegistryConfiguration.Mirror(DataDirectory, port, upstream.Url)}}
            auth:
              htpasswd: {realm: test, path: {{Users}}}
            access:
              {{access}}
            """;
        return await RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token);
    }

    private protected const string AnonymousPulls = "rules: [{users: [alice], actions: [pull, push, delete]}, {users: [anonymous], from: [127.0.0.0/8], mirrored: true, actions: [pull]}]";

    private protected string KeyAlone => $"mirrorkeys: [{{name: laptop, keyfile: {Directory.File("key")}}}]";
}
