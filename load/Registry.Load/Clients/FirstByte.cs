using System.Diagnostics;

namespace Registry.Load.Clients;

/// <summary>Measures how long the first byte of a body takes.</summary>
internal static class FirstByte
{
    /// <summary>Milliseconds from the request to the first byte of the body; the rest is read and thrown away before this returns.</summary>
    public static async Task<double> MeasureAsync(HttpClient client, string url, CancellationToken cancellation)
    {
        var asked = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1];
        await body.ReadExactlyAsync(buffer, cancellation);
        var milliseconds = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        await body.CopyToAsync(Stream.Null, cancellation);
        return milliseconds;
    }
}
