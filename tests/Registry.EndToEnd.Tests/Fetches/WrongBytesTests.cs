using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Wrong bytes break transfers and complete none; nothing of them is kept.</summary>
public sealed class WrongBytesTests : FetchTest
{
    private const long Size = 24 * Mebi;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0)]
    [InlineData(Size / 2)]
    [InlineData(Size - 1)]
    public async Task Fetch_OneByteIsWrong_NoReaderToTheEndCompletesAndNothingIsKept(long offset)
    {
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, Size));
        upstream.Pace.BytesPerSecondPerConnection = 24 * Mebi;
        upstream.OnBlobs().Corrupt(offset);
        await using var server = await StartFetcherAsync("connections: 4", upstream);
        ReaderRange[] ranges = [default, default, new(0), new(Size / 2), new(Size - 1)];

        var readings = await Task.WhenAll(ranges.Select(range => ReadAsync(server, upstream, blob.Digest, range)));

        Assert.All(readings, reading => Assert.False(reading.IsComplete, reading.ToString()));
        await server.Process.WaitUntilAsync(_ => Task.FromResult(FilesOf(blob.Digest.Hex).Length == 0), Token);
        Assert.Contains($"{upstream.Host} sent a body whose digest is", server.Process.Said);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Fetch_UpstreamIsRightAgain_NextReaderCompletes()
    {
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(2, Size));
        upstream.OnBlobs().Corrupt(Size / 2);
        await using var server = await StartFetcherAsync("connections: 4", upstream);
        Assert.False((await ReadAsync(server, upstream, blob.Digest)).IsComplete);
        upstream.Recover();

        await server.Process.WaitUntilAsync(_ => Task.FromResult(FilesOf(blob.Digest.Hex).Length == 0), Token);

        AssertAllRight([await ReadAsync(server, upstream, blob.Digest)], server);
    }

    private string[] FilesOf(string hex) =>
        [.. System.IO.Directory.GetFiles(DataDirectory, "*", SearchOption.AllDirectories).Where(file => file.Contains(hex, StringComparison.Ordinal))];
}
