using System.Net;
using Microsoft.Extensions.Time.Testing;
using Registry.EndToEnd;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Uploads;

/// <summary>A client that goes silent in the middle of a request holds nobody else up.</summary>
public sealed class LostClientTests : IAsyncLifetime
{
    private const string Name = "team/app";

    // All of it is written at once: less than this waits for more.
    private const int Sent = 64 << 10;

    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(static i => (byte)(i * 7))];

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private PrivateServer _server = null!;
    private RegistryApi _api = null!;
    private string _location = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string WholeDigest => Digest.Of(DigestAlgorithm.Sha256, Content).ToString();

    private string Session => Path.Join(_server.DataDirectory, "docker/registry/v2/repositories", Name, "_uploads", _location.Split('/')[^1]);

    public async ValueTask InitializeAsync()
    {
        _server = await PrivateServer.StartAsync(time: _time);
        _api = new RegistryApi(_server.Url);
        _location = await _api.BeginAsync(Name, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Theory(Timeout = TestLimit.Milliseconds), InlineData("PATCH"), InlineData("PUT")]
    public async Task Get_SessionOfALostClient_AnswersWhatItHolds(string method)
    {
        await using var lost = await BeginAsync(method);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal($"0-{Sent - 1}", (await _api.GetAsync(_location, Token)).Expect(HttpStatusCode.NoContent).Header("Range"));
        await lost.SendAsync(Content.AsMemory(Sent));
        Assert.StartsWith(method == "PATCH" ? "HTTP/1.1 202 " : "HTTP/1.1 201 ", await lost.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_SessionOfAClientThatHasJustSent_WaitsForWhatIsOnItsWay()
    {
        await using var client = await BeginAsync("PATCH");
        var state = _api.GetAsync(_location, Token);

        await client.SendAsync(Content.AsMemory(Sent));

        Assert.StartsWith("HTTP/1.1 202 ", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal($"0-{Content.Length - 1}", (await state).Expect(HttpStatusCode.NoContent).Header("Range"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Delete_SessionThatSomebodyWritesTo_EndsItAtOnceAndTellsTheWriter()
    {
        await using var writer = await BeginAsync("PATCH");

        (await _api.SendAsync("DELETE", _location, Token)).Expect(HttpStatusCode.NoContent);

        Assert.False(Directory.Exists(Session));
        var (head, body) = await writer.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 409 ", head, StringComparison.Ordinal);
        Assert.Contains("BLOB_UPLOAD_INVALID", System.Text.Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        (await _api.GetAsync(_location, Token)).ExpectError(HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN");
    }

    [Theory(Timeout = TestLimit.Milliseconds), InlineData("PATCH"), InlineData("PUT")]
    public async Task Put_SessionOfALostClient_TakesItOver(string method)
    {
        await using var lost = await BeginAsync(method);

        _time.Advance(TimeSpan.FromSeconds(10));
        var pushed = await _api.FinishAsync(_location, WholeDigest, Token, Content[Sent..], ("Content-Range", $"{Sent}-{Content.Length - 1}"));

        pushed.Expect(HttpStatusCode.Created);
        Assert.Equal(Content, (await _api.GetAsync(pushed.Location, Token)).Expect(HttpStatusCode.OK).Body);
        Assert.StartsWith("HTTP/1.1 409 ", await lost.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Patch_SessionOfALostClient_TakesItOverWhenItComesTooEarly()
    {
        await using var lost = await BeginAsync("PATCH");
        var next = _api.PatchAsync(_location, Content[Sent..], Token, ("Content-Range", $"{Sent}-{Content.Length - 1}"));

        while (!next.IsCompleted)
        {
            // The request is on its way until then.
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(next, Task.Delay(10, Token));
        }

        Assert.Equal($"0-{Content.Length - 1}", (await next).Expect(HttpStatusCode.Accepted).Header("Range"));
    }

    // A request whose client sends no more than its beginning, which is on the disk.
    private async Task<RawConnection> BeginAsync(string method)
    {
        var client = await RawConnection.OpenAsync(_server.Url);
        await client.RequestAsync(method == "PUT" ? $"{_location}?digest={WholeDigest}" : _location, $"Content-Length: {Content.Length}\r\n", method);
        await client.SendAsync(Content.AsMemory(0, Sent));
        while (new FileInfo(Path.Join(Session, "data")).Length < Sent)
        {
            await Task.Delay(5, Token);
        }

        return client;
    }
}
