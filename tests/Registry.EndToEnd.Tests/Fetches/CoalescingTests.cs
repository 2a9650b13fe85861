using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>One fetch for a digest, whoever asks, under whichever name and for whichever part.</summary>
public sealed class CoalescingTests : FetchTest
{
    private const long Size = 32 * Mebi;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Read_SixtyFourReadersOfThreeNames_UpstreamSendsEveryByteOnce()
    {
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, Size));
        upstream.Pace.BytesPerSecondPerConnection = 16 * Mebi;
        await using var server = await StartFetcherAsync("connections: 4", upstream);
        string[] paths = [BlobPath(blob.Digest), BlobPath(blob.Digest, $"docker.io/{Repository}"), $"{BlobPath(blob.Digest)}?ns=docker.io"];
        var random = new Random(1);
        var content = upstream.Content.Content(blob.Digest);

        var readings = await Task.WhenAll(Enumerable.Range(0, 64).Select(n =>
            Reading.ReadAsync(Client, new Uri(server.Url, paths[n % paths.Length]), content, ReaderRange.Next(random, Size), Token)));

        AssertAllRight(readings, server);

        AssertSent(upstream, blob, Size, (long)(1.02 * Size) + InFlight, server);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Read_SixtyFourReadersOfTheWholeOnOneConnection_UpstreamSendsExactlyTheBlob()
    {
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(2, Size));
        await using var server = await StartFetcherAsync("connections: 1", upstream);

        var readings = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ReadAsync(server, upstream, blob.Digest)));

        AssertAllRight(readings, server);
        AssertSent(upstream, blob, Size, Size, server);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Read_ForeignRepositoryWhoseUpstreamHasIt_JoinsAfterOneByte()
    {
        const string Foreign = "library/foreign";
        await using var upstream = await StartUpstreamAsync();
        var content = new SeededContent(3, Size);
        var blob = upstream.Content.AddBlob(Repository, content);
        upstream.Content.AddBlob(Foreign, content);
        var gate = upstream.OnBlob(blob.Digest).First().StallAfter(Mebi);
        await using var server = await StartFetcherAsync("connections: 1", upstream);
        var first = ReadAsync(server, upstream, blob.Digest);
        await gate.Reached.WaitAsync(Token);

        var second = Reading.ReadAsync(Client, new Uri(server.Url, BlobPath(blob.Digest, Foreign)), content, default, Token);
        await upstream.Log.WaitForAsync(log => log.Count(request => IsFor(request.Path, Foreign) && request.Ended) == 1, Token);
        gate.Release();

        AssertAllRight(await Task.WhenAll(first, second), server);
        AssertSent(upstream, blob, Size + 1, Size + 1, server);
        Assert.Equal("bytes=0-0", upstream.Log.Requests.Single(request => IsFor(request.Path, Foreign)).Range);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Read_ForeignRepositoryWhoseUpstreamHasItNot_GetsNothing()
    {
        await using var upstream = await StartUpstreamAsync();
        var content = new SeededContent(4, 4 * Mebi);
        var blob = upstream.Content.AddBlob(Repository, content);
        var gate = upstream.OnBlob(blob.Digest).First().StallAfter(Mebi);
        await using var server = await StartFetcherAsync("connections: 1", upstream);
        var first = ReadAsync(server, upstream, blob.Digest);
        await gate.Reached.WaitAsync(Token);

        var stranger = await Reading.ReadAsync(Client, new Uri(server.Url, BlobPath(blob.Digest, "library/foreign")), content, default, Token);
        gate.Release();

        Assert.Equal((System.Net.HttpStatusCode.NotFound, 0), (stranger.Status, stranger.Bytes));
        AssertAllRight([await first], server);
    }

    private static bool IsFor(string path, string repository) => path.StartsWith($"/v2/{repository}/", StringComparison.Ordinal);
}
