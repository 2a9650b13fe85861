using System.Net;
using System.Net.Sockets;

namespace Registry.Mirror.Upstreams;

/// <summary>
/// Opens the connections of one endpoint and keeps them away from addresses where it may not send us. What counts is the address that is connected to, so a name
/// that changes its address gains nothing. Behind a proxy only addresses written in the URL can be checked: the proxy resolves the names. Thread-safe.
/// </summary>
internal sealed class AddressGuard(Uri endpoint, bool proxied, Network network, TimeProvider time)
{
    // An address that swallows packets (a broken IPv6 route) must leave time for the next one within the connect timeout.
    private static readonly TimeSpan PatiencePerAddress = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private AddressClass? _endpoint = AddressClasses.OfHost(endpoint) ?? (proxied ? AddressClass.Public : null);

    /// <summary>The class of the endpoint's own address; null until it has been connected to.</summary>
    public AddressClass? Endpoint
    {
        get
        {
            lock (_lock)
            {
                return _endpoint;
            }
        }
    }

    /// <summary>Connects to a host of the endpoint's choice, or to the proxy.</summary>
    /// <exception cref="ForbiddenAddressException">All its addresses are forbidden.</exception>
    /// <exception cref="SocketException">It cannot be resolved or connected to.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellation)
    {
        var addresses = await network.Resolve(to.Host, cancellation);
        var allowed = Array.FindAll(addresses, address => IsAllowed(to, AddressClasses.Of(address)));
        if (allowed.Length == 0)
        {
            throw addresses.Length == 0 ? new SocketException((int)SocketError.NoData) : new ForbiddenAddressException(to.Host);
        }

        for (var i = 0; i < allowed.Length - 1; i++)
        {
            using var patience = new CancellationTokenSource(PatiencePerAddress, time);
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
            try
            {
                return await ConnectAsync(to, allowed[i], attempt.Token);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                // The next address may do better; the last one's failure is the one that is told.
            }
        }

        return await ConnectAsync(to, allowed[^1], cancellation);
    }

    private async Task<Stream> ConnectAsync(DnsEndPoint to, IPAddress address, CancellationToken cancellation)
    {
        var stream = await network.Connect(new IPEndPoint(address, to.Port), cancellation);
        if (!proxied && IsEndpoint(to))
        {
            Remember(AddressClasses.Of(address));
        }

        return stream;
    }

    // Once public, always public: an endpoint that can move its own name to a private address must not open private redirects by that.
    private void Remember(AddressClass connected)
    {
        lock (_lock)
        {
            _endpoint = _endpoint == AddressClass.Public ? _endpoint : connected;
        }
    }

    private bool IsAllowed(DnsEndPoint to, AddressClass address) => proxied || IsEndpoint(to) || AddressClasses.MayLead(Endpoint, address);

    private bool IsEndpoint(DnsEndPoint to) => to.Port == endpoint.Port && string.Equals(to.Host, endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);
}
