using Microsoft.Extensions.Time.Testing;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Upstream;

/// <summary>That the scripted upstream keeps to the pace it is told, on a clock of the test's own.</summary>
public sealed class ScriptedPaceTests : IDisposable
{
    private const string Repository = "library/alpine";

    private readonly HttpClient _client = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Latency_OfHalfASecond_PassesBeforeTheHeaders()
    {
        await using var upstream = await StartAsync();
        upstream.Pace.Latency = TimeSpan.FromSeconds(0.5);

        Assert.True(await ElapsedAsync(new Uri(upstream.Url, "/v2/")) >= TimeSpan.FromSeconds(0.5));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task BytesPerSecondPerConnection_TenthOfTheBlob_TakesTenSeconds()
    {
        await using var upstream = await StartAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, 100_000));
        upstream.Pace.BytesPerSecondPerConnection = 10_000;

        Assert.True(await ElapsedAsync(Url(upstream, blob)) >= TimeSpan.FromSeconds(9.9));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task BytesPerSecond_TwoConnections_ShareIt()
    {
        await using var upstream = await StartAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, 50_000));
        upstream.Pace.BytesPerSecond = 10_000;
        var url = Url(upstream, blob);

        Assert.True(await ElapsedAsync(url, url) >= TimeSpan.FromSeconds(9.9));
    }

    public void Dispose() => _client.Dispose();

    private static Uri Url(ScriptedUpstream upstream, Storage.Content.Descriptor blob) =>
        new(upstream.Url, $"/v2/{Repository}/blobs/{blob.Digest}");

    private Task<ScriptedUpstream> StartAsync() => ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions { Time = _time }, Token);

    // Moves the clock on until the answers are there: never faster than the upstream, which waits for it.
    private async Task<TimeSpan> ElapsedAsync(params Uri[] urls)
    {
        var start = _time.GetTimestamp();
        var answers = Task.WhenAll(urls.Select(url => _client.GetByteArrayAsync(url, Token)));
        while (!answers.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(answers, Task.Delay(1, Token));
        }

        await answers;
        return _time.GetElapsedTime(start);
    }
}
