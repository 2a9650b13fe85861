using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Each fault alone, on several connections and with readers of all kinds: they notice nothing, and the upstream sends little twice.</summary>
public sealed class SeveralConnectionsFaultTests : FetchTest
{
    private const long Size = 20 * Mebi;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(TransferFault.Reset)]
    [InlineData(TransferFault.Stall)]
    [InlineData(TransferFault.EarlyEnd)]
    [InlineData(TransferFault.ServerError)]
    [InlineData(TransferFault.RateLimited)]
    [InlineData(TransferFault.ExpiredToken)]
    [InlineData(TransferFault.ExpiredLink)]
    [InlineData(TransferFault.ChangedRedirect)]
    [InlineData(TransferFault.WrongContentRange)]
    [InlineData(TransferFault.OtherLength)]
    [InlineData(TransferFault.OtherEntityTag)]
    [InlineData(TransferFault.RangeIgnored)]
    [InlineData(TransferFault.Refused)]
    [InlineData(TransferFault.NotFound)]
    [InlineData(TransferFault.Forbidden)]
    public async Task Fetch_SeveralConnectionsAndRanges_EveryReaderIsRight(TransferFault fault)
    {
        await using var upstream = await FaultyUpstream.StartAsync(2, Size, Token);
        var lost = upstream.Script(fault);
        await using var server = await StartFetcherAsync("connections: 4, minsegment: 4MiB, stalltimeout: 1s", upstream.Registry);

        var readings = await Task.WhenAll(ReaderRange.Mixed(Size).Select(range => ReadAsync(server, upstream.Registry, upstream.Blob.Digest, range)));

        AssertAllRight(readings, server);
        AssertSent(upstream, (long)(1.02 * Size) + InFlight + lost, server);
    }
}
