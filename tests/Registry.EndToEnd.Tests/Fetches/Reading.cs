using System.Net;
using Registry.Testing.Images;

namespace Registry.EndToEnd.Fetches;

/// <summary>What became of one reader.</summary>
/// <param name="Range">What it asked for.</param>
/// <param name="Status">The status; 0 when the connection broke before there was one.</param>
/// <param name="Bytes">How many bytes it got.</param>
/// <param name="IsComplete">Whether it got all that it was promised.</param>
/// <param name="IsRight">Whether every byte was the right one.</param>
internal sealed record Reading(ReaderRange Range, HttpStatusCode Status, long Bytes, bool IsComplete, bool IsRight)
{
    /// <summary>Reads and compares; a transfer that breaks is a result, not an exception.</summary>
    public static async Task<Reading> ReadAsync(HttpClient client, Uri url, BlobContent expected, ReaderRange range, CancellationToken cancellationToken)
    {
        var first = range.First ?? 0;
        var length = Math.Min(range.Last ?? long.MaxValue, expected.Length - 1) - first + 1;
        var (status, bytes, isRight) = (default(HttpStatusCode), 0L, true);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = range.Header;
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            status = response.StatusCode;
            if (status != (range.First is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent))
            {
                return new Reading(range, status, 0, IsComplete: false, isRight);
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var (got, wanted) = (new byte[64 << 10], new byte[64 << 10]);
            int read;
            while ((read = await body.ReadAsync(got, cancellationToken)) > 0)
            {
                isRight &= bytes + read <= length;
                if (isRight)
                {
                    expected.Read(first + bytes, wanted.AsSpan(0, read));
                    isRight = got.AsSpan(0, read).SequenceEqual(wanted.AsSpan(0, read));
                }

                bytes += read;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return new Reading(range, status, bytes, IsComplete: false, isRight);
        }

        return new Reading(range, status, bytes, bytes == length, isRight);
    }
}
