using System.Text;
using Registry.Storage.Content;

namespace Registry.Server.Blobs;

/// <summary>The frame of a <c>multipart/byteranges</c> body (RFC 9110, 14.6). Immutable.</summary>
/// <param name="ranges">The parts, in their order.</param>
/// <param name="length">Length of the blob.</param>
/// <param name="boundary">What separates them: unpredictable, so that no content can hold it.</param>
internal sealed class MultipartRanges(IReadOnlyList<ByteRange> ranges, long length, string boundary)
{
    /// <summary>The body's type.</summary>
    public string ContentType => $"multipart/byteranges; boundary={boundary}";

    /// <summary>What stands after the last part.</summary>
    public byte[] End => Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");

    /// <summary>The length of the body, frame and parts, in bytes.</summary>
    public long ContentLength => Enumerable.Range(0, ranges.Count).Sum(i => Head(i).Length + ranges[i].Length) + End.Length;

    /// <summary>What stands before a part.</summary>
    public byte[] Head(int part)
    {
        var range = ranges[part];
        return Encoding.ASCII.GetBytes(
            $"{(part == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: {MediaType.OctetStream}\r\nContent-Range: bytes {range.First}-{range.End - 1}/{length}\r\n\r\n");
    }
}
