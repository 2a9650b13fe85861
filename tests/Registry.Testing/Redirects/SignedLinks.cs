using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Registry.Storage.Content;
using Registry.Testing.Images;
using Registry.Testing.Serving;

namespace Registry.Testing.Redirects;

/// <summary>Links to blobs that are good without credentials, for as long as they are good. Thread-safe.</summary>
public sealed class SignedLinks
{
    private readonly UpstreamContent _content;
    private readonly ConcurrentDictionary<string, Link> _links = new(StringComparer.Ordinal);
    private int _handedOut;
    private volatile int _usesPerLink = int.MaxValue;
    private volatile int _expiredStatus = StatusCodes.Status403Forbidden;

    internal SignedLinks(UpstreamContent content) => _content = content;

    /// <summary>How many links have been handed out.</summary>
    public int HandedOut => Volatile.Read(ref _handedOut);

    /// <summary>How often each link handed out from now on is good; at first for ever.</summary>
    public int UsesPerLink
    {
        get => _usesPerLink;
        set => _usesPerLink = value;
    }

    /// <summary>What a link that is no longer good answers: 403 (S3, at first so) or 410, for instance.</summary>
    public int ExpiredStatus
    {
        get => _expiredStatus;
        set => _expiredStatus = value;
    }

    /// <summary>Makes all links handed out so far bad. Transfers under way go on.</summary>
    public void ExpireAll() => _links.Clear();

    internal string Sign(Digest digest)
    {
        var signature = string.Create(CultureInfo.InvariantCulture, $"link-{Interlocked.Increment(ref _handedOut)}");
        _links[signature] = new Link(digest, _usesPerLink);
        return $"/signed/{digest}?signature={signature}";
    }

    internal UpstreamResponse Answer(HttpContext context, string? range)
    {
        if (context.Request.Headers.Authorization.Count > 0)
        {
            return UpstreamResponse.Of(400, new MemoryContent("<Error>Only one auth mechanism allowed</Error>"), "application/xml");
        }

        if (!_links.TryGetValue(context.Request.Query["signature"].ToString(), out var link) || !link.Use())
        {
            return UpstreamResponse.Of(_expiredStatus, new MemoryContent("<Error>Request has expired</Error>"), "application/xml");
        }

        return UpstreamResponse.Blob(_content.Content(link.Digest), range);
    }

    private sealed class Link(Digest digest, int uses)
    {
        private int _left = uses;

        public Digest Digest => digest;

        public bool Use() => Interlocked.Decrement(ref _left) >= 0;
    }
}
