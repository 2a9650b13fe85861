using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Registry.Aot.Commands;
using Registry.Aot.Configuration;
using Registry.Mirror;
using Registry.Server;
using Registry.Server.Logging;
using Registry.Server.Tls;
using Registry.Storage;

namespace Registry.Aot.Serving;

/// <summary>The composition root: makes store, mirror and server from the settings, runs them, and takes them down in the reverse order.</summary>
internal static class RegistryProcess
{
    private static readonly string Version =
        typeof(RegistryProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Serves until the token fires, and gives the exit code.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="load">Loads it anew.</param>
    /// <param name="stop">Ends the serving.</param>
    public static async Task<int> RunAsync(Settings settings, Func<Settings> load, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var errors = new LogSink(Console.OpenStandardError());
        using var provider = new LineLoggerProvider(settings.Log, errors, time);
        using var logs = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var logger = logs.CreateLogger("registry");
        foreach (var warning in settings.Warnings)
        {
            ServeLog.ConfigurationWarning(logger, warning.ToString());
        }

        if (logger.IsEnabled(LogLevel.Debug))
        {
            ServeLog.Runtime(logger, string.Join(' ', GC.GetConfigurationVariables().OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}={pair.Value}")));
        }

        try
        {
            using var store = Store.Open(settings.Storage, settings.Mirror.Default, time);
            await using var pulls = new PullThrough(settings.Mirror, settings.Server.Host?.Authority, store, time, logger);
            var accessLog = settings.Server.AccessLog ? new AccessLog(new LogSink(Console.OpenStandardOutput()), time) : null;
            await using var server = RegistryServer.Create(settings.Server, settings.Writes, store, pulls, accessLog, logs, time);
            using var reload = new ConfigurationReload(settings, load, Apply, time, logger);
            await StartAsync(server, settings, stop);
            Announce(settings, server.Address, logger, errors);
            var background = new BackgroundWork(settings, store, pulls, time, logger, stop);
            await reload.RunAsync(stop);
            ServeLog.Stopping(logger, settings.Server.DrainTimeout.TotalSeconds);
            await server.StopAsync();
            await background.WaitAsync();
            return ExitCode.Done;

            void Apply(Settings fresh)
            {
                pulls.Reload(fresh.Mirror);
                server.Reload(fresh.Server, fresh.Writes);
                provider.Level = fresh.Log.Level;
                AccessWarnings.Log(fresh, server.Address, logger);
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or CannotListenException or CryptographicException or CertificateException or FormatException)
        {
            await Console.Error.WriteLineAsync($"registry: {e.Message}");
            return ExitCode.WrongCall;
        }
    }

    private static async Task StartAsync(RegistryServer server, Settings settings, CancellationToken stop)
    {
        try
        {
            await server.StartAsync(stop);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            throw new CannotListenException(
                settings.Server.Plain is { } plain
                    ? $"Cannot listen on {settings.Server.Address} and {plain.Address}: {e.Message} Stop what listens there, or set http.addr and http.plain.addr to other addresses."
                    : $"Cannot listen on {settings.Server.Address}: {e.Message} Stop what listens there, or set http.addr (REGISTRY_HTTP_ADDR) to another address.",
                e);
        }
    }

    private static void Announce(Settings settings, string address, ILogger logger, LogSink errors)
    {
        foreach (var line in StartLines.Of(settings, address, Version))
        {
            if (settings.Log.Form == LogForm.Text)
            {
                errors.Write(System.Text.Encoding.UTF8.GetBytes($"{line}\n"));
            }
            else
            {
                ServeLog.Started(logger, line);
            }
        }

        AccessWarnings.Log(settings, address, logger);
    }
}
