using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_NobodyListens_IsUnreachable()
    {
        using var dead = new DeadPort();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(new Uri($"http://127.0.0.1:{dead.Port}")));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unreachable, reply.Failure?.Kind);
        Assert.Equal($"docker.io: cannot connect to 127.0.0.1:{dead.Port} (connection refused)", reply.Failure?.Message);
        Assert.Equal(default, reply.Status);
    }

    [Fact]
    public async Task SendAsync_UnknownHost_IsUnreachable()
    {
        using var upstream = TestUpstreams.CreateOn(
            TestUpstreams.OptionsFor(new Uri("http://registry.example.com")),
            _ => throw new SocketException((int)SocketError.HostNotFound));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Unreachable, reply.Failure?.Kind);
        Assert.Equal("docker.io: cannot connect to registry.example.com:80 (no such host)", reply.Failure?.Message);
    }

    [Fact]
    public async Task SendAsync_FirstAddressDead_TriesTheNext()
    {
        await using var registry = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("alive", context.RequestAborted));
        var dead = IPAddress.Parse("2001:db8::1");
        using var upstream = new Upstream(
            TestUpstreams.OptionsFor(new Uri($"http://registry.example.com:{registry.Port}")),
            TimeProvider.System,
            new RecordingLogger(),
            new Network(
                (_, _) => Task.FromResult<IPAddress[]>([dead, IPAddress.Loopback]),
                (to, cancellation) => to.Address.Equals(dead) ? throw new SocketException((int)SocketError.NetworkUnreachable) : Network.Machine.Connect(to, cancellation)));

        using var reply = await upstream.AskAsync();

        Assert.Equal("alive", await reply.ReadAsync());
    }

    [Fact]
    public async Task SendAsync_FirstAddressSwallowsPackets_TriesTheNextAfterThreeSeconds()
    {
        await using var registry = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("alive", context.RequestAborted));
        var black = IPAddress.Parse("2001:db8::1");
        var tried = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        using var upstream = new Upstream(
            TestUpstreams.OptionsFor(new Uri($"http://registry.example.com:{registry.Port}")),
            time,
            new RecordingLogger(),
            new Network(
                (_, _) => Task.FromResult<IPAddress[]>([black, IPAddress.Loopback]),
                async (to, cancellation) =>
                {
                    if (to.Address.Equals(black))
                    {
                        tried.SetResult();
                        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
                    }

                    return await Network.Machine.Connect(to, cancellation);
                }));

        var asking = upstream.Endpoints[0].SendAsync(TestUpstreams.Manifest, Cancellation);
        await tried.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(3));
        using var reply = await asking;

        Assert.Equal("alive", await reply.ReadAsync());
    }

    [Theory]
    [InlineData("", UpstreamFailureKind.Unreachable)]
    [InlineData("SSH-2.0-OpenSSH\r\n", UpstreamFailureKind.Invalid)]
    public async Task SendAsync_OtherSideSpeaksNoHttp_IsAFailure(string speech, UpstreamFailureKind kind)
    {
        await using var other = new SpeechServer(speech);
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(other.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(kind, reply.Failure?.Kind);
    }

    [Fact]
    public async Task SendAsync_NoHeadersInTime_IsATimeout()
    {
        var asked = new TaskCompletionSource();
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var time = new FakeTimeProvider();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url), time);

        var asking = upstream.Endpoints[0].SendAsync(TestUpstreams.Manifest, Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(30));
        using var reply = await asking;

        Assert.Equal(UpstreamFailureKind.Timeout, reply.Failure?.Kind);
        Assert.Equal($"docker.io: {registry.Url.Authority} sent no headers within 30 s", reply.Failure?.Message);
    }

    [Fact]
    public async Task SendAsync_CallerCancels_Throws()
    {
        var asked = new TaskCompletionSource();
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));
        using var impatience = new CancellationTokenSource();

        var asking = upstream.Endpoints[0].SendAsync(TestUpstreams.Manifest, impatience.Token);
        await asked.Task.WaitAsync(Cancellation);
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
