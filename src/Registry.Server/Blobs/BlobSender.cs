using Microsoft.AspNetCore.Http;
using Registry.Mirror.Blobs;

namespace Registry.Server.Blobs;

/// <summary>Sends the bytes of a blob as they can be had. Thread-safe.</summary>
internal sealed class BlobSender(TimeProvider time, TimeSpan writeTimeout)
{
    /// <summary>Sends one range; to the blob's end when its length was not known.</summary>
    /// <exception cref="Mirror.Fetches.BlobBrokenException">The blob does not come: the connection must be broken.</exception>
    /// <exception cref="IOException">The file cannot be read, or the client left: the connection must be broken.</exception>
    /// <exception cref="OperationCanceledException">The client left, or has taken nothing for too long.</exception>
    public async Task SendAsync(HttpContext context, BlobContent content, long first, long? end, bool isClosed)
    {
        using var transfer = new BlobTransfer(context, content, time, writeTimeout);
        await transfer.SendAsync(first, end, isClosed);
        await transfer.FlushAsync();
    }

    /// <summary>Sends several ranges in their frame; fails as for one.</summary>
    public async Task SendAsync(HttpContext context, BlobContent content, IReadOnlyList<ByteRange> ranges, MultipartRanges frame)
    {
        using var transfer = new BlobTransfer(context, content, time, writeTimeout);
        for (var i = 0; i < ranges.Count; i++)
        {
            await transfer.SendAsync(ranges[i].First, ranges[i].End, ranges[i].IsClosed, frame.Head(i));
        }

        transfer.Write(frame.End);
        await transfer.FlushAsync();
    }
}
