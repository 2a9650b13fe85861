using System.Net;
using System.Net.Sockets;

namespace Registry.Mirror.Tests.Upstreams;

/// <summary>A port of 127.0.0.1 where nobody listens, and nobody else can while this lives.</summary>
internal sealed class DeadPort : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadPort() => _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_bound.LocalEndPoint!).Port;

    public void Dispose() => _bound.Dispose();
}
