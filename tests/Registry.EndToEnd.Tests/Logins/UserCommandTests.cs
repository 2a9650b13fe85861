using Registry.EndToEnd.Servers;
using Registry.Testing.Processes;
using Xunit;

namespace Registry.EndToEnd.Logins;

/// <summary><c>registry user</c> and Apache's htpasswd on one file.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UserCommandTests : LoginTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Users_MadeByEither_AreGoodForTheOther()
    {
        (await UserAsync("add alice --cost 5", "alice-pass")).Succeeded();
        (await HtpasswdAsync("-bB", "bob", "bob-pass")).Succeeded();
        (await UserAsync("passwd bob -C 5", "bob's new, with spaces")).Succeeded();
        (await HtpasswdAsync("-bB", "alice", "alice-new")).Succeeded();

        (await HtpasswdAsync("-vb", "bob", "bob's new, with spaces")).Succeeded();
        Assert.NotEqual(0, (await HtpasswdAsync("-vb", "bob", "bob-pass")).ExitCode);
        Assert.Equal("alice\nbob", (await UserAsync("list")).Succeeded());
        (await HtpasswdAsync("-D", "alice")).Succeeded();
        Assert.Equal("bob", (await UserAsync("list")).Succeeded());
        (await UserAsync("remove bob")).Succeeded();
        Assert.Equal("", (await UserAsync("list")).Succeeded());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Add_OnATerminal_AsksTwiceAndShowsNothingOfThePassword()
    {
        var shown = (await OnTerminalAsync("seen-nowhere", "seen-nowhere")).Succeeded();

        Assert.Contains("Password: ", shown, StringComparison.Ordinal);
        Assert.Contains("The same again: ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("seen", shown, StringComparison.Ordinal);
        (await HtpasswdAsync("-vb", "alice", "seen-nowhere")).Succeeded();
        Assert.NotEqual(0, (await OnTerminalAsync("one", "other", "bob")).ExitCode);
        Assert.Equal("alice", (await UserAsync("list")).Succeeded());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Edit_File_KeepsModeLinkAndOtherLines()
    {
        var target = Directory.File("target");
        await File.WriteAllTextAsync(target, "# ours\nold:$apr1$x$y\n", Token);
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.CreateSymbolicLink(Users, target);

        (await UserAsync("add alice --cost 4", "alice-pass")).Succeeded();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(target));
        Assert.NotNull(new FileInfo(Users).LinkTarget);
        Assert.StartsWith("# ours\nold:$apr1$x$y\nalice:$2y$04$", await File.ReadAllTextAsync(target, Token), StringComparison.Ordinal);
        Assert.Equal(1, (await UserAsync("list")).ExitCode);
        Assert.Empty(System.IO.Directory.GetFiles(Directory.Path, "*.tmp"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("add alice", "alice-pass", 1)]
    [InlineData("passwd nobody", "x", 1)]
    [InlineData("remove nobody", "", 1)]
    [InlineData("add a:b", "x", 2)]
    [InlineData("add anonymous", "x", 2)]
    [InlineData("add carol", "", 2)]
    [InlineData("add carol --cost 3", "x", 2)]
    [InlineData("add carol", "0123456789012345678901234567890123456789012345678901234567890123456789012", 2)]
    public async Task Edit_WhatCannotBe_ChangesNothing(string call, string password, int exitCode)
    {
        (await UserAsync("add alice --cost 4", "alice-pass")).Succeeded();
        var before = await File.ReadAllTextAsync(Users, Token);

        Assert.Equal(exitCode, (await UserAsync(call, password)).ExitCode);

        Assert.Equal(before, await File.ReadAllTextAsync(Users, Token));
    }

    // Each password is typed when it is asked for, and at once: what is typed before a program hides it, the terminal shows.
    private async Task<CommandResult> OnTerminalAsync(string first, string second, string user = "alice")
    {
        const string Session =
            """
            cd "$(mktemp -d "$TMPDIR/XXXXXX")" && mkfifo keys && : > shown
            script -qefc "$REGISTRY user add $NAME --cost 4 --file $FILE" shown < keys > /dev/null &
            exec 3> keys
            for word in "Password: |$FIRST" "again: |$SECOND"; do
                until grep -q "${word%%|*}" shown; do sleep 0.01; done
                printf '%s\r' "${word#*|}" >&3
            done
            wait $!; code=$?
            cat shown
            exit $code
            """;
        var variables = new Dictionary<string, string?>
        {
            ["TMPDIR"] = Directory.Path, ["REGISTRY"] = RegistryProcess.Binary, ["NAME"] = user, ["FILE"] = Users, ["FIRST"] = first, ["SECOND"] = second,
        };
        return await Command.RunAsync("bash", ["-c", Session], Token, variables);
    }

    private Task<CommandResult> HtpasswdAsync(string option, params string[] arguments) => Command.RunAsync("htpasswd", [option, Users, .. arguments], Token);
}
