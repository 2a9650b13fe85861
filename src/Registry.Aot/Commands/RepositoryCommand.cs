using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Registry.Aot.Configuration;
using Registry.Server.Control;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Layout;
using Registry.Storage.Repositories;

namespace Registry.Aot.Commands;

/// <summary><c>registry repository</c>: looks after single repositories, beside a running server or without one.</summary>
internal static class RepositoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("repository", "Look after single repositories.");
        command.Subcommands.Add(CreateRelease(environment));
        return command;
    }

    private static Command CreateRelease(IReadOnlyDictionary<string, string> environment)
    {
        var command = new Command("release", "Forget whether an empty repository was local or mirrored.");
        var name = new Argument<string>("NAME") { Description = "The repository." };
        command.Arguments.Add(name);
        var arguments = new ConfigurationArguments(command, environment);
        command.SetAction(async (call, cancellationToken) =>
        {
            if (arguments.Load(call) is not { } settings)
            {
                return ExitCode.WrongCall;
            }

            if (!RepositoryName.TryParse(call.GetValue(name), out var repository))
            {
                await call.InvocationConfiguration.Error.WriteLineAsync($"'{call.GetValue(name)}' is no name of a repository.");
                return ExitCode.WrongCall;
            }

            return await ReleaseAsync(call, settings, repository, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ReleaseAsync(ParseResult call, Settings settings, RepositoryName repository, CancellationToken cancellationToken)
    {
        try
        {
            // The server owns the store while it runs, and is the one to ask then.
            var socket = new StoreLayout(settings.Storage.RootDirectory).ControlSocket;
            var (isDone, text) = await AskServerAsync(socket, repository, cancellationToken) ?? Release(settings, repository);
            await (isDone ? call.InvocationConfiguration.Output : call.InvocationConfiguration.Error).WriteLineAsync(text);
            return isDone ? ExitCode.Done : ExitCode.FoundWrong;
        }
        catch (Exception e) when (e is StoreUnavailableException or HttpRequestException)
        {
            await call.InvocationConfiguration.Error.WriteLineAsync($"registry: {e.Message}");
            return ExitCode.WrongCall;
        }
    }

    private static (bool IsDone, string Text) Release(Settings settings, RepositoryName repository)
    {
        using var store = Store.Open(settings.Storage, settings.Mirror.Default, TimeProvider.System);
        var outcome = store.Kinds.Release(repository);
        return (outcome == ReleaseOutcome.Released, ReleaseText.Of(repository, outcome));
    }

    // Null: no server listens there.
    private static async Task<(bool IsDone, string Text)?> AskServerAsync(string socket, RepositoryName repository, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://control{ControlPaths.ReleaseRepository}?name={Uri.EscapeDataString(repository.Value)}");
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return (response.StatusCode == HttpStatusCode.OK, (await response.Content.ReadAsStringAsync(cancellationToken)).TrimEnd());
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.ConnectionRefused or SocketError.HostNotFound } || !File.Exists(socket))
        {
            return null;
        }
    }
}
