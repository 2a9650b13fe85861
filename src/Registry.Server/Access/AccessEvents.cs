using Microsoft.Extensions.Logging;

namespace Registry.Server.Access;

/// <summary>What is logged of rights. Ids: 3300–3319. An id that goes out of use is not given again.</summary>
internal static partial class AccessEvents
{
    [LoggerMessage(3300, LogLevel.Information, "mirrored content can be pulled from {Network} without a password for {Duration}: {User} has logged in from there", EventName = "AddressOpened")]
    public static partial void Opened(ILogger logger, string network, string user, TimeSpan duration);
}
