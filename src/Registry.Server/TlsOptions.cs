using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Registry.Server;

/// <summary>How connections are encrypted. Immutable.</summary>
/// <param name="OnConnection">
/// Gives what a new connection is encrypted with, so that certificates can change while the server runs. Called once for each handshake, by several at once.
/// </param>
public sealed record TlsOptions(Func<TlsHandshakeCallbackContext, ValueTask<SslServerAuthenticationOptions>> OnConnection);
