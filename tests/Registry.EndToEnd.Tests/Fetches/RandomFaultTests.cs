using Registry.Testing;
using Registry.Testing.Authentication;
using Registry.Testing.Faults;
using Registry.Testing.Images;
using Registry.Testing.Redirects;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>Everything goes wrong at once, by chance, for a bounded number of requests; fifty readers notice nothing.</summary>
public sealed class RandomFaultTests : FetchTest
{
    private const long Size = 24 * Mebi;
    private const int Readers = 50;
    private const int FaultyRequests = 30;

    public static TheoryData<int> Chosen => Seeds.Chosen(2);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Chosen))]
    public async Task Fetch_AllFaultsAtRandom_EveryReaderIsRight(int seed)
    {
        var random = new Random(seed);
        var options = new ScriptedUpstreamOptions { Authentication = new UpstreamAuthentication.Bearer(), Redirects = RedirectStyle.Cdn };
        await using var upstream = await ScriptedUpstream.StartAsync(options, Token);
        var blob = upstream.Content.AddBlob(Repository, new SeededContent((ulong)seed, Size));
        upstream.Pace.BytesPerSecondPerConnection = 24 * Mebi;
        upstream.Links.UsesPerLink = 5;
        for (var n = 2; n < FaultyRequests; n += random.Next(2, 4))
        {
            Strike(upstream.OnBlob(blob.Digest).Nth(n), random);
        }

        await using var server = await StartFetcherAsync("connections: 6, minsegment: 1MiB, stalltimeout: 500ms", upstream);
        var ranges = Enumerable.Range(0, Readers).Select(_ => ReaderRange.Next(random, Size)).ToArray();

        var readings = await Task.WhenAll(ranges.Select(range => ReadAsync(server, upstream, blob.Digest, range)));

        AssertAllRight(readings, server);
    }

    private static void Strike(RequestMatch match, Random random)
    {
        var bytes = random.NextInt64(Mebi);
        switch (random.Next(9))
        {
            case 0:
                match.ResetAfter(bytes);
                break;
            case 1:
                match.StallAfter(bytes);
                break;
            case 2:
                match.CloseAfter(bytes);
                break;
            case 3:
                match.Answer(random.Next(500, 505));
                break;
            case 4:
                match.Answer(403);
                break;
            case 5:
                match.ClaimHeader("Content-Range", $"bytes 1-2/{Size}");
                break;
            case 6:
                match.ClaimHeader("ETag", $"\"{bytes}\"");
                break;
            case 7:
                match.IgnoreRange();
                break;
            default:
                match.AnswerHtml(502);
                break;
        }
    }
}
