using System.Net;
using System.Text;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>Pushes, mounts and deletes of several clients at once, which now and then push the same.</summary>
internal sealed class PushLoad(RegistryApi api, int seed)
{
    private const int Clients = 3;
    private const int LargestBlob = 60_000;

    private static readonly string[] Repositories = ["team/app", "team/tools"];

    /// <summary>Runs so many rounds.</summary>
    public async Task RunAsync(int rounds, CancellationToken cancellationToken)
    {
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => RunAsync(round, client, new Random((seed * 1000) + (round * Clients) + client), cancellationToken)));
        }
    }

    private async Task RunAsync(int round, int client, Random random, CancellationToken cancellationToken)
    {
        var repository = Repositories[(round + client) % 2];
        var other = Repositories[(round + client + 1) % 2];
        var fresh = $"team/fresh{round}";

        // All clients push the same at the same moment, to the same repository, which is new.
        var config = Encoding.ASCII.GetBytes($"{{\"round\":{round}}}");
        var same = await api.PushBlobAsync(fresh, config, cancellationToken);
        var image = ManifestJson.Image(same, config.Length);
        await api.PushManifestAsync(fresh, $"client{client}", image, cancellationToken);
        await api.PushManifestAsync(fresh, "same", image, cancellationToken);

        var layer = await PushInChunksAsync(repository, Bytes(random), cancellationToken);
        (await api.SendAsync("POST", $"/v2/{other}/blobs/uploads/?mount={layer.Digest}&from={repository}", cancellationToken)).Expect(HttpStatusCode.Created);
        var own = await api.PushBlobAsync(repository, config, cancellationToken);
        var first = await api.PushManifestAsync(repository, $"moving{client}", ManifestJson.Image(own, config.Length, layer), cancellationToken);
        var second = await api.PushManifestAsync(
            repository, $"moving{client}", ManifestJson.Image(own, config.Length, $",\"annotations\":{{\"client\":\"{client}\"}}", [layer]), cancellationToken);
        await api.PushManifestAsync(repository, $"kept{round}-{client}", ManifestJson.Image(own, config.Length, layer), cancellationToken);

        switch (random.Next(4))
        {
            case 0:
                await DeleteAsync($"/v2/{repository}/manifests/moving{client}", cancellationToken);
                break;
            case 1:
                await DeleteAsync($"/v2/{repository}/manifests/{second}", cancellationToken);
                break;
            case 2:
                await DeleteAsync($"/v2/{repository}/manifests/{first}", cancellationToken);
                break;
            default:
                await DeleteAsync($"/v2/{other}/blobs/{layer.Digest}", cancellationToken);
                await PushInChunksAsync(other, Bytes(random), cancellationToken);
                break;
        }
    }

    private async Task<(Digest Digest, long Size)> PushInChunksAsync(string repository, byte[] content, CancellationToken cancellationToken)
    {
        var location = await api.BeginAsync(repository, cancellationToken);
        foreach (var chunk in content.Chunk(20_000))
        {
            (await api.PatchAsync(location, chunk, cancellationToken)).Expect(HttpStatusCode.Accepted);
        }

        var digest = Digest.Of(DigestAlgorithm.Sha256, content);
        (await api.FinishAsync(location, digest.ToString(), cancellationToken)).Expect(HttpStatusCode.Created);
        return (digest, content.Length);
    }

    private async Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        (await api.SendAsync("DELETE", path, cancellationToken)).Expect(HttpStatusCode.Accepted);

    private static byte[] Bytes(Random random)
    {
        var content = new byte[random.Next(1, LargestBlob)];
        random.NextBytes(content);
        return content;
    }
}
