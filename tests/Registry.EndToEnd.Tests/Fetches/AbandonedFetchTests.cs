using System.Globalization;
using Registry.EndToEnd.Servers;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>The only client hangs up in the middle.</summary>
public sealed class AbandonedFetchTests : FetchTest
{
    private const long Size = 24 * Mebi;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Fetch_ClientLeaves_GoesOnToItsEnd()
    {
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, Size));
        var gate = upstream.OnBlob(blob.Digest).First().StallAfter(2 * Mebi);
        await using var server = await StartFetcherAsync("connections: 1, finish: true", upstream);
        await ReadAndLeaveAsync(server, blob.Digest);
        await gate.Reached.WaitAsync(Token);
        gate.Release();

        await server.Process.WaitUntilAsync(_ => Task.FromResult(server.Process.Said.Contains("msg=\"fetched ", StringComparison.Ordinal)), Token);

        AssertSent(upstream, blob, Size, Size, server);
        AssertAllRight([await ReadAsync(server, upstream, blob.Digest)], server);
        AssertSent(upstream, blob, Size, Size, server);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Fetch_ClientLeavesAndNothingIsToBeFinished_StopsAndGoesOnForTheNext()
    {
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(2, Size));
        const long Held = 3 * Mebi;
        upstream.OnBlob(blob.Digest).First().StallAfter(Held);
        await using var server = await StartFetcherAsync("connections: 1, finish: false", upstream);
        await ReadAndLeaveAsync(server, blob.Digest, Held);

        await upstream.Log.WaitForAsync(log => log.Requests.Any(request => request.IsBlob) && log.Requests.All(request => request.Ended), Token);
        await server.Process.WaitUntilAsync(_ => Task.FromResult(server.Process.Said.Contains("nobody waits", StringComparison.Ordinal)), Token);
        AssertAllRight([await ReadAsync(server, upstream, blob.Digest)], server);

        AssertSent(upstream, blob, Size, Size, server);
        var next = upstream.Log.Requests.Where(request => request.IsBlob).ElementAt(1);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"bytes={Held}-"), next.Range);
    }

    private async Task ReadAndLeaveAsync(RegistryProcess server, Storage.Content.Digest digest, long bytes = 1)
    {
        using var response = await Client.GetAsync(new Uri(server.Url, BlobPath(digest)), HttpCompletionOption.ResponseHeadersRead, Token);
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        await body.ReadExactlyAsync(new byte[bytes], Token);
    }
}
