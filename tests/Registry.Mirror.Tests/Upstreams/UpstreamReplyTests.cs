using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Tests.Upstreams;

public sealed class UpstreamReplyTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public async Task SendAsync_RangedBlob_GivesTheHeadersAndTheBody()
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.ContentType = "application/octet-stream; x=y";
            context.Response.Headers.ContentRange = "bytes 4-6/10";
            context.Response.Headers.ETag = "\"tag\"";
            context.Response.Headers["Docker-Content-Digest"] = Digest;
            context.Response.ContentLength = 3;
            return context.Response.WriteAsync("abc", context.RequestAborted);
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(new Uri(registry.Url, "prefix/")));

        using var activity = new Activity("a client's request");
        activity.Start();
        using var reply = await upstream.AskAsync(new UpstreamRequest(HttpMethod.Get, TestUpstreams.Repository, $"blobs/{Digest}") { RangeStart = 4 });

        Assert.Null(reply.Failure);
        Assert.Equal(HttpStatusCode.PartialContent, reply.Status);
        Assert.Equal(new ContentRange(4, 6, 10), reply.Range);
        Assert.Equal(3, reply.ContentLength);
        Assert.Equal("application/octet-stream", reply.ContentType);
        Assert.Equal("\"tag\"", reply.ETag);
        Assert.Equal(Digest, reply.ContentDigest.ToString());
        Assert.True(reply.AcceptsRanges);
        Assert.Equal("abc", await reply.ReadAsync());
        var seen = Assert.Single(registry.Requests);
        Assert.Equal($"/prefix/v2/library/nginx/blobs/{Digest}", seen.Path);
        Assert.Equal("bytes=4-", seen["Range"]);
        Assert.Equal("identity", seen["Accept-Encoding"]);
        Assert.Equal("HTTP/1.1", seen.Protocol);
        Assert.StartsWith("registry/", seen["User-Agent"], StringComparison.Ordinal);
        Assert.Null(seen["Accept"]);
        Assert.Null(seen["Traceparent"]);
    }

    [Fact]
    public async Task SendAsync_BrokenHints_AreAbsent()
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = "bytes 9-3/10";
            context.Response.Headers["Docker-Content-Digest"] = "sha256:UPPER";
            context.Response.Headers["ratelimit-limit"] = "many";
            context.Response.Headers["ratelimit-remaining"] = "-1";
            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var reply = await upstream.AskAsync();

        Assert.Null(reply.Range);
        Assert.Null(reply.ContentDigest);
        Assert.Null(reply.ETag);
        Assert.Null(upstream.RateLimit);
    }

    [Fact]
    public async Task SendAsync_NotModified_IsASuccess()
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers.IfNoneMatch == "W/\"1\"" ? StatusCodes.Status304NotModified : StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var reply = await upstream.AskAsync(TestUpstreams.Manifest with { IfNoneMatch = "W/\"1\"" });

        Assert.Null(reply.Failure);
        Assert.Equal(HttpStatusCode.NotModified, reply.Status);
    }

    [Fact]
    public async Task SendAsync_EncodedBody_IsInvalid()
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("not gzip at all", context.RequestAborted);
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(UpstreamFailureKind.Invalid, reply.Failure?.Kind);
    }

    [Theory]
    [InlineData(400, UpstreamFailureKind.Invalid)]
    [InlineData(401, UpstreamFailureKind.Unauthorized)]
    [InlineData(403, UpstreamFailureKind.Unauthorized)]
    [InlineData(404, UpstreamFailureKind.NotFound)]
    [InlineData(416, UpstreamFailureKind.Invalid)]
    [InlineData(429, UpstreamFailureKind.TooManyRequests)]
    [InlineData(500, UpstreamFailureKind.Unavailable)]
    [InlineData(503, UpstreamFailureKind.Unavailable)]
    public async Task SendAsync_ErrorStatus_IsAFailureThatNamesHostAndStatus(int status, UpstreamFailureKind kind)
    {
        var time = new FakeTimeProvider();
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = (time.GetUtcNow() + TimeSpan.FromMinutes(2)).ToString("R");
            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url), time);

        using var reply = await upstream.AskAsync();

        Assert.Equal(kind, reply.Failure?.Kind);
        Assert.Equal(status, (int?)reply.Failure?.Status);
        Assert.Equal($"docker.io: {registry.Url.Authority} answered {status}", reply.Failure?.Message);
        Assert.Equal(TimeSpan.FromMinutes(2), reply.Failure?.RetryAfter);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reply.OpenBodyAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("999999", 3600)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 0)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    public async Task SendAsync_RetryAfter_IsBounded(string header, int? seconds)
    {
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        });
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url));

        using var reply = await upstream.AskAsync();

        Assert.Equal(seconds, (int?)reply.Failure?.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task RateLimit_BelowATenth_IsLoggedOnceUntilItRecovers()
    {
        var remaining = "50;w=21600";
        await using var registry = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers["ratelimit-limit"] = "100;w=21600";
            context.Response.Headers["ratelimit-remaining"] = remaining;
            context.Response.Headers["docker-ratelimit-source"] = "192.0.2.7";
            return Task.CompletedTask;
        });
        var logger = new RecordingLogger();
        var time = new FakeTimeProvider();
        using var upstream = TestUpstreams.Create(TestUpstreams.OptionsFor(registry.Url), time, logger);

        using var plenty = await upstream.AskAsync();
        Assert.Equal(new RateLimit(100, 50, TimeSpan.FromHours(6), "192.0.2.7", time.GetUtcNow()), upstream.RateLimit);
        Assert.Empty(logger.Entries);

        foreach (var left in (string[])["9;w=21600", "8;w=21600", "90;w=21600", "3;w=21600"])
        {
            remaining = left;
            using var reply = await upstream.AskAsync();
        }

        Assert.Equal(["RateLimitLow", "RateLimitLow"], logger.Entries.Select(entry => entry.Id.Name));
        Assert.Equal(3, upstream.RateLimit?.Remaining);
    }
}
