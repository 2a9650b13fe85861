using Microsoft.Extensions.Logging;

namespace Registry.Aot.Serving;

/// <summary>What the program logs of its own life. Ids: 4000–4099. An id that goes out of use is not given again.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(4000, LogLevel.Information, "{Line}", EventName = "Started")]
    public static partial void Started(ILogger logger, string line);

    [LoggerMessage(4001, LogLevel.Warning, "{Warning}", EventName = "ConfigurationWarning")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(4002, LogLevel.Information, "{Local} local, {Mirrored} mirrored and {Inherited} inherited repositories", EventName = "Census")]
    public static partial void Census(ILogger logger, int local, int mirrored, int inherited);

    [LoggerMessage(4003, LogLevel.Warning, "{Repository} is {Kind}, but a pattern of mirror.local says that it is local: what is mirrored of it stands apart from now on", EventName = "Overruled")]
    public static partial void Overruled(ILogger logger, string repository, string kind);

    [LoggerMessage(4004, LogLevel.Information, "stopping: transfers may finish within {Seconds} s", EventName = "Stopping")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(4005, LogLevel.Warning, "the repositories could not be counted: {Reason}", EventName = "CensusFailed")]
    public static partial void CensusFailed(ILogger logger, string reason);

    [LoggerMessage(4008, LogLevel.Information, "{Count} uploads that nobody went on with were ended (dry run: {IsDryRun})", EventName = "UploadsPurged")]
    public static partial void UploadsPurged(ILogger logger, int count, bool isDryRun);

    [LoggerMessage(4009, LogLevel.Warning, "uploads could not be purged: {Reason}", EventName = "PurgeFailed")]
    public static partial void PurgeFailed(ILogger logger, string reason);

    [LoggerMessage(4010, LogLevel.Warning, "whoever reaches {Address} can push: there are no passwords", EventName = "OpenPushes")]
    public static partial void OpenPushes(ILogger logger, string address);

    [LoggerMessage(4011, LogLevel.Warning, "passwords travel in clear text to {Address}: give the server a certificate (http.tls), or name what ends TLS before it (http.trustedproxies)", EventName = "ClearPasswords")]
    public static partial void ClearPasswords(ILogger logger, string address);

    [LoggerMessage(4012, LogLevel.Warning, "docker daemons send no password to a mirror, and none of them can pull through this one: let them in by a rule for anonymous (access.rules), by a key in the mirror's URL (access.mirrorkeys), or by a docker login from their address (access.loginopensmirror)", EventName = "MirrorClosed")]
    public static partial void MirrorClosed(ILogger logger);

    [LoggerMessage(4013, LogLevel.Warning, "passwords are taken in clear text at {Address}, too: set http.plain.redirect to true", EventName = "PlainPasswords")]
    public static partial void PlainPasswords(ILogger logger, string address);

    [LoggerMessage(4014, LogLevel.Information, "the configuration was read again; what has changed: {Keys}", EventName = "Reloaded")]
    public static partial void Reloaded(ILogger logger, string keys);

    [LoggerMessage(4015, LogLevel.Error, "the configuration is wrong, and the one before stays in force: {Problem}", EventName = "ReloadRefused")]
    public static partial void ReloadRefused(ILogger logger, string problem);

    [LoggerMessage(4016, LogLevel.Error, "the configuration has changed in {Keys}, which takes a restart; until then nothing of the new one is in force", EventName = "RestartNeeded")]
    public static partial void RestartNeeded(ILogger logger, string keys);

    [LoggerMessage(4007, LogLevel.Debug, "garbage collector: {Settings}", EventName = "Runtime")]
    public static partial void Runtime(ILogger logger, string settings);

    [LoggerMessage(4006, LogLevel.Warning, "{Upstream} is asked with an account, and everybody who reaches this server can pull what that account can", EventName = "OpenAccount")]
    public static partial void OpenAccount(ILogger logger, string upstream);
}
