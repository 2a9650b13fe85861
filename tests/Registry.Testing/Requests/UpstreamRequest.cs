using Microsoft.AspNetCore.Http;
using Registry.Storage.Content;

namespace Registry.Testing.Requests;

/// <summary>A request that came to a scripted upstream, and what has become of it so far. Thread-safe.</summary>
public sealed class UpstreamRequest
{
    private long _bytesSent;
    private volatile int _status;
    private volatile bool _ended;

    internal UpstreamRequest(UpstreamPart part, HttpContext context)
    {
        var request = context.Request;
        Part = part;
        Method = request.Method;
        Path = request.Path.Value ?? "/";
        Query = request.QueryString.Value ?? "";
        Host = request.Host.Value ?? "";
        Range = request.Headers.Range;
        Accept = request.Headers.Accept.ToString();
        AuthorizationScheme = request.Headers.Authorization.ToString().Split(' ')[0] is { Length: > 0 } scheme ? scheme : null;
        ConnectionId = context.Connection.Id;
        if (Registry.Storage.Content.Digest.TryParse(Path.AsSpan(Path.LastIndexOf('/') + 1), out var digest))
        {
            Digest = digest;
        }
    }

    /// <summary>The listener that it came to.</summary>
    public UpstreamPart Part { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path, without the query.</summary>
    public string Path { get; }

    /// <summary>The query with its question mark, or the empty string.</summary>
    public string Query { get; }

    /// <summary>The Host header.</summary>
    public string Host { get; }

    /// <summary>The Range header, if any.</summary>
    public string? Range { get; }

    /// <summary>All Accept headers, joined with commas; empty if there is none.</summary>
    public string Accept { get; }

    /// <summary>The scheme of the Authorization header (<c>Basic</c>, <c>Bearer</c>), null without one. The secret is not kept.</summary>
    public string? AuthorizationScheme { get; }

    /// <summary>Names the connection: equal for requests that shared one.</summary>
    public string ConnectionId { get; }

    /// <summary>The digest that ends the path, if one does.</summary>
    public Digest? Digest { get; }

    /// <summary>The status answered; 0 as long as no header has been sent.</summary>
    public int Status => _status;

    /// <summary>Bytes of the body handed over for sending so far: never fewer than the client has read, at most a piece (64 KiB) and the system's buffers more.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Whether the exchange is over, in whatever way.</summary>
    public bool Ended => _ended;

    /// <summary>Whether this is about a blob: its bytes, or a redirect to them.</summary>
    public bool IsBlob => Digest is not null && !IsManifest;

    /// <summary>Whether this asks for a manifest.</summary>
    public bool IsManifest => Part == UpstreamPart.Registry && Path.Contains("/manifests/", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Part} {Method} {Path}{Query} {Range} {AuthorizationScheme} -> {Status}, {BytesSent} bytes";

    internal void Answered(int status) => _status = status;

    internal void Sent(int bytes) => Interlocked.Add(ref _bytesSent, bytes);

    internal void End() => _ended = true;
}
