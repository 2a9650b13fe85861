using Xunit;

namespace Registry.Server.Tests.Logging;

public sealed class AccessLogTests
{
    [Fact]
    public async Task Write_Request_IsOneLineInApachesCombinedForm()
    {
        await using var server = await TestServer.StartAsync();
        using (var response = await server.GetAsync("/v2/?a=b", ("Referer", "http://from"), ("User-Agent", "docker/29.0 go/1.25")))
        {
            await response.BytesAsync();
        }

        var line = Assert.Single(await server.AccessLinesAsync(1));
        Assert.Matches(
            @"^127\.0\.0\.1 - - \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} \+0000\] ""GET /v2/\?a=b HTTP/1\.1"" 200 2 ""http://from"" ""docker/29\.0 go/1\.25""$", line);
    }

    [Fact]
    public async Task Write_Head_CountsNoBytes()
    {
        await using var server = await TestServer.StartAsync();
        using (await server.HeadAsync("/v2/none/manifests/latest"))
        {
        }

        Assert.Contains("\"HEAD /v2/none/manifests/latest HTTP/1.1\" 404 0 ", Assert.Single(await server.AccessLinesAsync(1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v2/a%0a%22b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\nUser-Agent: a\"b\\c\t\u0001\u007f\u0085\r\nReferer: \"\" 200 0 \"\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /v2/\"\\ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://x/v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task Write_WhateverAClientSends_IsOneLineOfWholeFields(string request)
    {
        await using var server = await TestServer.StartAsync();
        await server.SendRawAsync(request);
        if (server.AccessLines is [])
        {
            // Refused before it was a request.
            return;
        }

        var line = Assert.Single(server.AccessLines);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Matches(@"^127\.0\.0\.1 - - \[[^]]+\] ""(?:[^""\\]|\\.)*"" [0-9]{3} [0-9]+ ""(?:[^""\\]|\\.)*"" ""(?:[^""\\]|\\.)*""$", line);
    }
}
