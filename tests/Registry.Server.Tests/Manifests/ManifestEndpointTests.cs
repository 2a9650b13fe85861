using System.Net;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Manifests;

public sealed class ManifestEndpointTests : IAsyncLifetime
{
    private const string Name = "team/app";
    private const string Json = "{\"schemaVersion\":2,\n \"config\":{}}";

    private TestServer _server = null!;
    private Digest _manifest;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _manifest = _server.AddManifest(Name, "latest", Json, MediaType.DockerManifest);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_Manifest_IsItsExactBytesAndType(bool byTag)
    {
        var url = $"/v2/{Name}/manifests/{(byTag ? "latest" : _manifest)}";
        using var response = await _server.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertHeaders(response);
        Assert.Equal(Json, await response.TextAsync());
        using var head = await _server.HeadAsync(url);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        AssertHeaders(head);
        Assert.Empty(await head.BytesAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("*/*")]
    [InlineData(MediaType.OciIndex)]
    public async Task Get_WhateverIsAccepted_IsWhatIsStored(string accept)
    {
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/latest", ("Accept", accept));
        AssertHeaders(response);
    }

    [Fact]
    public async Task Get_ManifestThatTheClientHas_Is304()
    {
        using var response = await _server.GetAsync($"/v2/{Name}/manifests/latest", ("If-None-Match", $"\"{_manifest}\""));
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        Assert.Equal(_manifest.ToString(), response.Header("Docker-Content-Digest"));
        Assert.Empty(await response.BytesAsync());
    }

    [Theory]
    [InlineData("team/app", "other")]
    [InlineData("team/app", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("team/none", "latest")]
    public async Task Get_WhatIsNotThere_Is404(string name, string reference)
    {
        using var response = await _server.GetAsync($"/v2/{name}/manifests/{reference}");
        await response.ExpectProblemAsync(404, "MANIFEST_UNKNOWN");
        using var head = await _server.HeadAsync($"/v2/{name}/manifests/{reference}");
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Empty(await head.BytesAsync());
    }

    [Fact]
    public async Task Get_RepositoryNamedLikeTheApi_IsServed()
    {
        foreach (var name in new[] { "blobs/uploads", "manifests", "tags/list", "a/referrers" })
        {
            _server.AddManifest(name, "manifests", Json);
            using var response = await _server.GetAsync($"/v2/{name}/manifests/manifests");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Get_KindThatCannotBeRead_IsAFailureOfTheStorageThatTheLogExplains()
    {
        var kind = _server.Store.Layout.Kind(RepositoryName.Parse("team/broken"));
        Directory.CreateDirectory(Path.GetDirectoryName(kind)!);
        await File.WriteAllTextAsync(kind, "nonsense", TestContext.Current.CancellationToken);
        using var response = await _server.GetAsync("/v2/team/broken/manifests/latest");
        var message = await response.ExpectProblemAsync(503, "UNAVAILABLE");
        Assert.DoesNotContain(kind, message, StringComparison.Ordinal);
        Assert.Equal("5", response.Header("Retry-After"));
        Assert.Contains(_server.LogLines, line => line.Contains(response.Header("X-Request-Id")!, StringComparison.Ordinal) && line.Contains(kind, StringComparison.Ordinal));
    }

    private void AssertHeaders(HttpResponseMessage response)
    {
        Assert.Equal(MediaType.DockerManifest, response.Header("Content-Type"));
        Assert.Equal($"{Json.Length}", response.Header("Content-Length"));
        Assert.Equal(_manifest.ToString(), response.Header("Docker-Content-Digest"));
        Assert.Equal($"\"{_manifest}\"", response.Header("ETag"));
        Assert.Null(response.Header("X-Cache"));
        Assert.Null(response.Header("Content-Encoding"));
    }
}
