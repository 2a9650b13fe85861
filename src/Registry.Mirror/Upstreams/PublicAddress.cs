using System.Net;

namespace Registry.Mirror.Upstreams;

/// <summary>Tells addresses of the Internet from those of a machine, a link or a private network.</summary>
public static class PublicAddress
{
    /// <summary>Whether an address belongs to one host of the Internet.</summary>
    public static bool Is(IPAddress address) => AddressClasses.Of(address) == AddressClass.Public;
}
