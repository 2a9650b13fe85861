using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Requests;

/// <summary>Pushes of manifests and deletions come one after the other: never is a manifest taken whose parts have just gone.</summary>
public sealed class DeletionOrderTests : IAsyncLifetime
{
    private static readonly RepositoryName Name = RepositoryName.Parse("team/app");

    /// <summary>How long something that must not happen has to show itself: a request takes a thousandth of that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private PrivateServer _server = null!;
    private RegistryApi _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PrivateServer.StartAsync();
        _api = new RegistryApi(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Put_DuringADeletionOfALayer_IsRefusedAfterIt()
    {
        var json = await PushPartsAsync();
        Task<ApiAnswer> put = null!;

        await Task.Run(
            () => _server.Store.Repositories.Delete(Name, () =>
            {
                put = _api.PutManifestAsync(Name.Value, "latest", json, Token);
                return !Ends(put) & _server.Store.Layers.Delete(Name, Layer);
            }),
            Token);

        (await put).ExpectError(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
        (await _api.GetAsync($"/v2/{Name}/manifests/latest", Token)).Expect(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Delete_DuringAPushOfAManifest_WaitsForIt(bool isBlob)
    {
        var json = await PushPartsAsync();
        var manifest = await _api.PushManifestAsync(Name.Value, "latest", json, Token);
        var path = isBlob ? $"/v2/{Name}/blobs/{Layer}" : $"/v2/{Name}/manifests/{manifest}";
        Task<ApiAnswer> delete = null!;
        var hasWaited = false;

        await Task.Run(
            () => _server.Store.Repositories.Push(Name, () =>
            {
                delete = _api.SendAsync("DELETE", path, Token);
                hasWaited = !Ends(delete);
            }),
            Token);

        (await delete).Expect(HttpStatusCode.Accepted);
        Assert.True(hasWaited);
        (await _api.GetAsync(path, Token)).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PutAndDelete_OfOneManifestByMany_LeaveNoTagWithoutIt()
    {
        var json = await PushPartsAsync();
        var digest = Digest.Of(DigestAlgorithm.Sha256, System.Text.Encoding.UTF8.GetBytes(json));
        for (var round = 0; round < 40; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i % 2 == 0
                ? _api.PutManifestAsync(Name.Value, $"tag{i}", json, Token)
                : _api.SendAsync("DELETE", $"/v2/{Name}/manifests/{digest}", Token)));

            var isThere = (await _api.GetAsync($"/v2/{Name}/manifests/{digest}", Token)).Status == HttpStatusCode.OK;
            var tags = (await _api.GetAsync($"/v2/{Name}/tags/list", Token)).Expect(HttpStatusCode.OK).Text;
            Assert.True(isThere || tags.Contains("[]", StringComparison.Ordinal), $"{tags} of a manifest that is gone, in round {round}");
        }
    }

    private static Digest Layer => Digest.Of(DigestAlgorithm.Sha256, "layer"u8);

    // The JSON of an image whose parts are there.
    private async Task<string> PushPartsAsync()
    {
        var config = await _api.PushBlobAsync(Name.Value, "{}"u8.ToArray(), Token);
        await _api.PushBlobAsync(Name.Value, "layer"u8.ToArray(), Token);
        return ManifestJson.Image(config, 2, (Layer, 5));
    }

    // Blocks, since a lock is its thread's.
    private static bool Ends(Task<ApiAnswer> request) => SpinWait.SpinUntil(() => request.IsCompleted, Patience);
}
