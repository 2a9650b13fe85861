using System.Diagnostics;
using System.Security.Cryptography;

namespace Registry.Load.Clients;

/// <summary>A reader of one blob, which hashes what it gets and keeps nothing.</summary>
/// <param name="FirstByte">Seconds from the request to the first byte of the body.</param>
/// <param name="Right">Whether the whole body came and has the digest.</param>
internal readonly record struct Download(double FirstByte, bool Right)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Reads a blob. A broken answer is a result, not an exception.</summary>
    public static async Task<Download> RunAsync(HttpClient client, Uri url, string digest, CancellationToken cancellation)
    {
        var firstByte = double.NaN;
        try
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferSize];
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                firstByte = double.IsNaN(firstByte) ? Stopwatch.GetElapsedTime(asked).TotalSeconds : firstByte;
                hash.AppendData(buffer, 0, count);
            }

            return new Download(firstByte, string.Equals(digest, $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new Download(firstByte, Right: false);
        }
    }
}
