using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Two faults in one fetch, where the one changes what the other meets.</summary>
public sealed class FaultPairTests : FetchTest
{
    private const long Size = 16 * Mebi;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(TransferFault.Reset, TransferFault.ExpiredLink)]
    [InlineData(TransferFault.EarlyEnd, TransferFault.ExpiredToken)]
    [InlineData(TransferFault.Stall, TransferFault.RangeIgnored)]
    [InlineData(TransferFault.RangeIgnored, TransferFault.Refused)]
    [InlineData(TransferFault.ServerError, TransferFault.NotFound)]
    [InlineData(TransferFault.RateLimited, TransferFault.Refused)]
    [InlineData(TransferFault.ChangedRedirect, TransferFault.OtherEntityTag)]
    [InlineData(TransferFault.ExpiredToken, TransferFault.Refused)]
    [InlineData(TransferFault.WrongContentRange, TransferFault.EarlyEnd)]
    [InlineData(TransferFault.OtherLength, TransferFault.ChangedRedirect)]
    public async Task Fetch_TwoFaults_EveryReaderIsRight(TransferFault first, TransferFault second)
    {
        await using var upstream = await FaultyUpstream.StartAsync(3, Size, Token);
        var lost = upstream.Script(first) + upstream.Script(second);
        await using var server = await StartFetcherAsync("connections: 4, minsegment: 2MiB, stalltimeout: 1s", upstream.Registry);

        var readings = await Task.WhenAll(ReaderRange.Mixed(Size).Select(range => ReadAsync(server, upstream.Registry, upstream.Blob.Digest, range)));

        AssertAllRight(readings, server);
        AssertSent(upstream, (long)(1.02 * Size) + InFlight + lost, server);
    }
}
