using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Each fault alone: readers notice nothing, and the upstream sends little twice.</summary>
public sealed class SingleFaultTests : FetchTest
{
    private const long Size = 24 * Mebi;

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
    public async Task Fetch_OneConnection_UpstreamSendsEveryByteOnce(TransferFault fault)
    {
        await using var upstream = await FaultyUpstream.StartAsync(1, Size, Token);
        var lost = upstream.Script(fault);
        await using var server = await StartFetcherAsync("connections: 1, minsegment: 4MiB, stalltimeout: 1s", upstream.Registry);

        var readings = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadAsync(server, upstream.Registry, upstream.Blob.Digest)));

        AssertAllRight(readings, server);
        AssertSent(upstream, Size + lost, server);
    }

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
    public async Task Fetch_SeveralConnectionsAndRanges_EveryReaderIsRight(TransferFault fault)
    {
        await using var upstream = await FaultyUpstream.StartAsync(2, Size, Token);
        var lost = upstream.Script(fault);
        await using var server = await StartFetcherAsync("connections: 4, minsegment: 4MiB, stalltimeout: 1s", upstream.Registry);

        var readings = await Task.WhenAll(ReaderRange.Mixed(Size).Select(range => ReadAsync(server, upstream.Registry, upstream.Blob.Digest, range)));

        AssertAllRight(readings, server);
        AssertSent(upstream, (long)(1.02 * Size) + lost, server);
    }
}
