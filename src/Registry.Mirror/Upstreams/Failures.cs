using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Registry.Mirror.Upstreams;

/// <summary>Makes the failures of one upstream. Texts name hosts only: paths and queries may be signed. Immutable.</summary>
internal sealed class Failures(UpstreamOptions options, TimeProvider time)
{
    /// <summary>The upstream's name, which every text begins with.</summary>
    public string Upstream => options.Name;

    /// <summary>A status that is no success.</summary>
    public UpstreamFailure Answered(Uri from, HttpResponseMessage response) =>
        new(KindOf(response.StatusCode), options.Name, $"{options.Name}: {from.Authority} answered {(int)response.StatusCode}")
        {
            Status = response.StatusCode,
            RetryAfter = RetryAfter.Of(response.Headers.RetryAfter, time.GetUtcNow()),
        };

    /// <summary>No request was made, because the last ones failed.</summary>
    public UpstreamFailure LeftAlone(Uri endpoint, TimeSpan remaining) =>
        Of(UpstreamFailureKind.Unavailable, $"{endpoint.Authority} has failed several times in a row and is left alone for some seconds") with
        {
            RetryAfter = remaining,
        };

    /// <summary>An answer that is not acted upon.</summary>
    public UpstreamFailure Invalid(string what) => Of(UpstreamFailureKind.Invalid, what);

    /// <summary>A failure without a status.</summary>
    public UpstreamFailure Of(UpstreamFailureKind kind, string what) => new(kind, options.Name, $"{options.Name}: {what}");

    /// <summary>An exception in place of an answer.</summary>
    public UpstreamFailure Broken(Uri to, Exception exception)
    {
        var host = $"{to.IdnHost}:{to.Port}{(options.Proxy is null ? "" : " through the proxy")}";
        if (Cause<SocketException>(exception) is { } socket)
        {
            var isConnecting = exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
            return Of(UpstreamFailureKind.Unreachable, $"{(isConnecting ? "cannot connect to" : "lost the connection to")} {host} ({Text(socket.SocketErrorCode)})");
        }

        if (Cause<AuthenticationException>(exception) is not null)
        {
            return Of(
                UpstreamFailureKind.Unreachable,
                $"no secure connection to {host} (its certificate is not trusted or not for this name, or there is no common TLS version)");
        }

        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.InvalidResponse => Invalid($"{host} does not speak HTTP"),
            HttpRequestError.ConfigurationLimitExceeded => Invalid($"{host} answered with too long headers"),
            HttpRequestError.ProxyTunnelError => Of(UpstreamFailureKind.Unreachable, $"the proxy gives no connection to {to.IdnHost}:{to.Port}"),
            HttpRequestError.ResponseEnded => Of(UpstreamFailureKind.Unreachable, $"{host} closed the connection without an answer"),
            _ => Of(UpstreamFailureKind.Unreachable, $"cannot reach {host}"),
        };
    }

    private static UpstreamFailureKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => UpstreamFailureKind.NotFound,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => UpstreamFailureKind.Unauthorized,
        HttpStatusCode.TooManyRequests => UpstreamFailureKind.TooManyRequests,
        >= HttpStatusCode.InternalServerError => UpstreamFailureKind.Unavailable,
        _ => UpstreamFailureKind.Invalid,
    };

    private static string Text(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.HostNotFound or SocketError.NoData => "no such host",
        SocketError.TryAgain => "name resolution failed",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.TimedOut => "timed out",
        _ => $"socket error {error}",
    };

    private static T? Cause<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T cause)
            {
                return cause;
            }
        }

        return null;
    }
}
