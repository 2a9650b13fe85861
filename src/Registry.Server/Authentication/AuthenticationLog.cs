using Microsoft.Extensions.Logging;

namespace Registry.Server.Authentication;

/// <summary>What is logged of passwords and users; never a password, a hash, a token or a name that no user has. Ids: 3200–3219. An id that goes out of use is not given again.</summary>
internal static partial class AuthenticationLog
{
    [LoggerMessage(3200, LogLevel.Information, "{Path}: {Users} users", EventName = "UsersLoaded")]
    public static partial void UsersLoaded(ILogger logger, string path, int users);

    [LoggerMessage(3201, LogLevel.Warning, "{Path}:{Line}: {Reason}; this line lets nobody in", EventName = "HtpasswdLineWrong")]
    public static partial void LineWrong(ILogger logger, string path, int line, string reason);

    [LoggerMessage(3202, LogLevel.Error, "{Path} cannot be read, and nobody can log in until it can: {Reason}", EventName = "HtpasswdMissing")]
    public static partial void Missing(ILogger logger, string path, string reason);

    [LoggerMessage(3203, LogLevel.Error, "{Path} cannot be read; the users known before stay: {Reason}", EventName = "HtpasswdUnreadable")]
    public static partial void Unreadable(ILogger logger, string path, string reason);

    [LoggerMessage(3204, LogLevel.Warning, "wrong passwords from {Network} are held back", EventName = "WrongPasswordsHeldBack")]
    public static partial void HeldBack(ILogger logger, string network);
}
