using System.Net;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Fetches;

/// <summary>A blob at one endpoint of an upstream. Thread-safe.</summary>
internal sealed class UpstreamBlobSource(string upstream, UpstreamEndpoint endpoint, RepositoryName repository, Digest digest) : IBlobSource
{
    private Uri? _shortcut;

    /// <inheritdoc/>
    public string Host => endpoint.Host;

    /// <inheritdoc/>
    public async Task<BlobReply> OpenAsync(long first, long? last, CancellationToken cancellation)
    {
        var request = new UpstreamRequest(HttpMethod.Get, repository, $"blobs/{digest}") { RangeStart = first, RangeEnd = last };
        var reply = await SendAsync(request, cancellation);
        try
        {
            return await ReadAsync(reply, first, cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            reply.Dispose();
            return new BlobReply(null) { Failure = Failure(UpstreamFailureKind.Unreachable, "broke off before the body") };
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    // Segments after the first go where the first was redirected to, until that fails: it saves each of them a round trip.
    private async Task<UpstreamReply> SendAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        if (_shortcut is { } shortcut)
        {
            var direct = await endpoint.SendAsync(request with { Shortcut = shortcut }, cancellation);
            if (direct.Failure is null)
            {
                return direct;
            }

            direct.Dispose();
            Interlocked.CompareExchange(ref _shortcut, null, shortcut);
        }

        var reply = await endpoint.SendAsync(request, cancellation);
        if (reply.RedirectedTo is { } target)
        {
            _shortcut = target;
        }

        return reply;
    }

    private async Task<BlobReply> ReadAsync(UpstreamReply reply, long first, CancellationToken cancellation)
    {
        // No range of an empty blob can be satisfied, and of no other a range from its first byte cannot: RFC 9110, 14.1.2.
        if (reply.Failure is { Status: HttpStatusCode.RequestedRangeNotSatisfiable } && first == 0)
        {
            return new BlobReply(reply) { Total = 0, IsPartial = true };
        }

        if (reply.Failure is { } failure)
        {
            return new BlobReply(reply) { Failure = failure };
        }

        if (reply.Status != HttpStatusCode.PartialContent)
        {
            return new BlobReply(reply)
            {
                Body = await reply.OpenBodyAsync(cancellation),
                End = reply.ContentLength,
                Total = reply.ContentLength,
                ServedBy = reply.ServedBy,
                ETag = reply.ETag,
            };
        }

        return reply.Range is { } range && range.First == first
            ? new BlobReply(reply)
            {
                Body = await reply.OpenBodyAsync(cancellation),
                First = first,
                End = range.Last + 1,
                Total = range.Total,
                IsPartial = true,
                ServedBy = reply.ServedBy,
                ETag = reply.ETag,
            }
            : new BlobReply(reply) { Failure = Failure(UpstreamFailureKind.Invalid, "sent another range than was asked for") };
    }

    private UpstreamFailure Failure(UpstreamFailureKind kind, string what) => new(kind, upstream, $"{upstream}: {endpoint.Host} {what}");
}
