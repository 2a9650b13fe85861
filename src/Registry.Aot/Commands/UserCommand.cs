using System.CommandLine;
using Registry.Server.Authentication;

namespace Registry.Aot.Commands;

/// <summary><c>registry user</c>: edits the htpasswd file, beside a running server or without one; the server sees it within two seconds.</summary>
internal static class UserCommand
{
    /// <summary>Some 50 ms of a processor for each check: what NIST and OWASP call enough, and Apache's default is weaker.</summary>
    private const int DefaultCost = 10;

    /// <summary>Makes the command.</summary>
    public static Command Create(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("user", "Edit the file of users and passwords.");
        command.Subcommands.Add(CreateSet(environment, "add", "Add a user; the password is asked, or read from standard input.", isThere: false));
        command.Subcommands.Add(CreateSet(environment, "passwd", "Change a user's password, which is asked, or read from standard input.", isThere: true));
        command.Subcommands.Add(CreateRemove(environment));
        command.Subcommands.Add(CreateList(environment));
        return command;
    }

    private static Command CreateSet(IReadOnlyDictionary<string, string> environment, string verb, string description, bool isThere)
    {
        var command = new Command(verb, description);
        var name = AddName(command);
        var cost = new Option<int>("--cost", "-C")
        {
            Description = $"The cost of a check, {BcryptHash.MinCost} to {BcryptHash.MaxCost}: one more takes twice as long.",
            HelpName = "COST",
            DefaultValueFactory = _ => DefaultCost,
        };
        cost.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < BcryptHash.MinCost or > BcryptHash.MaxCost)
            {
                result.AddError($"The cost must be {BcryptHash.MinCost} to {BcryptHash.MaxCost}.");
            }
        });
        command.Options.Add(cost);
        var file = new UserFileArguments(command, environment);
        command.SetAction(call => file.Edit(call, text =>
        {
            var user = call.GetValue(name)!;
            if (UserTable.FindNameProblem(user) is { } problem)
            {
                throw new FormatException($"This cannot be the name of a user: {problem}.");
            }

            if (UserTable.Parse(text).Find(user) is not null != isThere)
            {
                throw new InvalidOperationException(isThere ? $"There is no user {user}; expected registry user add." : $"There is a user {user} already; expected registry user passwd.");
            }

            var password = PasswordPrompt.Read(call.InvocationConfiguration.Error);
            return HtpasswdEditor.Set(text, new HtpasswdEntry(user, BcryptHash.Create(password, call.GetValue(cost))));
        }));
        return command;
    }

    private static Command CreateRemove(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("remove", "Remove a user.");
        var name = AddName(command);
        var file = new UserFileArguments(command, environment);
        command.SetAction(call => file.Edit(call, text =>
        {
            var edited = HtpasswdEditor.Remove(text, call.GetValue(name)!, out var wasThere);
            return wasThere ? edited : throw new InvalidOperationException($"There is no user {call.GetValue(name)}.");
        }));
        return command;
    }

    private static Command CreateList(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("list", "List the users.");
        var file = new UserFileArguments(command, environment);
        command.SetAction(call => file.Read(call, text =>
        {
            var users = UserTable.Parse(text);
            foreach (var user in users.Names.Order(StringComparer.Ordinal))
            {
                call.InvocationConfiguration.Output.WriteLine(user);
            }

            foreach (var problem in users.Problems)
            {
                call.InvocationConfiguration.Error.WriteLine($"line {problem.Line}: {problem.Reason}");
            }

            return users.Problems.Count == 0 ? ExitCode.Done : ExitCode.FoundWrong;
        }));
        return command;
    }

    private static Argument<string> AddName(Command command)
    {
        var name = new Argument<string>("NAME") { Description = "The user." };
        command.Arguments.Add(name);
        return name;
    }
}
