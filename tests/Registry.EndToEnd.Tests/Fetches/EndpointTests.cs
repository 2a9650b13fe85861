using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Several endpoints of one upstream bring one blob together.</summary>
public sealed class EndpointTests : FetchTest
{
    private const long Size = 32 * Mebi;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Fetch_TwoEndpoints_BothContribute()
    {
        await using var first = await StartUpstreamAsync();
        await using var second = await StartUpstreamAsync();
        var blob = Add(first, second, 1);
        await using var server = await StartFetcherAsync("connections: 4", first, second);

        AssertAllRight([await ReadAsync(server, first, blob.Digest)], server);

        var (one, other) = (first.Log.BytesSent(blob.Digest), second.Log.BytesSent(blob.Digest));
        Assert.True(one >= Size / 5 && other >= Size / 5, $"{one} and {other} bytes");
        Assert.InRange(one + other, Size, (long)(1.02 * Size));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Fetch_OneEndpointFails_IsLeftAlone(int failing)
    {
        const int MostAttempts = 12;
        ScriptedUpstream[] endpoints = [await StartUpstreamAsync(), await StartUpstreamAsync()];
        await using var first = endpoints[0];
        await using var second = endpoints[1];
        var blob = Add(first, second, 2);
        endpoints[failing].OnBlobs().Answer(503);
        await using var server = await StartFetcherAsync("connections: 4", endpoints);

        AssertAllRight([await ReadAsync(server, first, blob.Digest)], server);

        Assert.InRange(endpoints[failing].Log.Count(request => request.Digest == blob.Digest), 1, MostAttempts);
        AssertSent(endpoints[1 - failing], blob, Size, (long)(1.02 * Size), server);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Fetch_OneEndpointSendsWrongBytes_IsNamedAndTheOtherBringsThem(int wrong)
    {
        ScriptedUpstream[] endpoints = [await StartUpstreamAsync(), await StartUpstreamAsync()];
        await using var first = endpoints[0];
        await using var second = endpoints[1];
        var blob = Add(first, second, 3);
        for (var offset = 0L; offset < Size; offset += Mebi)
        {
            endpoints[wrong].OnBlobs().Corrupt(offset);
        }

        await using var server = await StartFetcherAsync("connections: 4", endpoints);

        var broken = await ReadAsync(server, first, blob.Digest);
        await server.Process.WaitUntilAsync(async _ => (await ReadAsync(server, first, blob.Digest)).IsComplete, Token);

        Assert.False(broken.IsComplete);
        AssertAllRight([await ReadAsync(server, first, blob.Digest)], server);
        Assert.Contains(endpoints[wrong].Host, server.Process.Said.Split('\n').Last(line => line.Contains("whose digest is", StringComparison.Ordinal)));
    }

    private static Storage.Content.Descriptor Add(ScriptedUpstream first, ScriptedUpstream second, ulong seed)
    {
        first.Pace.BytesPerSecondPerConnection = 24 * Mebi;
        second.Pace.BytesPerSecondPerConnection = 24 * Mebi;
        first.Content.AddBlob(Repository, new SeededContent(seed, Size));
        return second.Content.AddBlob(Repository, new SeededContent(seed, Size));
    }
}
