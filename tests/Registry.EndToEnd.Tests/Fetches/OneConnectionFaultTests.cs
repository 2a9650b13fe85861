using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Each fault alone, on one connection: readers notice nothing, and the upstream sends nothing twice but what the fault itself took away.</summary>
public sealed class OneConnectionFaultTests : FetchTest
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
    public async Task Fetch_OneConnection_UpstreamSendsEveryByteOnce(TransferFault fault)
    {
        await using var upstream = await FaultyUpstream.StartAsync(1, Size, Token);
        var lost = upstream.Script(fault);
        await using var server = await StartFetcherAsync("connections: 1, minsegment: 4MiB, stalltimeout: 1s", upstream.Registry);

        var readings = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadAsync(server, upstream.Registry, upstream.Blob.Digest)));

        AssertAllRight(readings, server);
        AssertSent(upstream, Size + lost, server);
    }
}
