using System.Net;
using System.Text;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;

namespace Registry.EndToEnd.Pushes.Crashes;

/// <summary>One client: pushes, mounts and deletes what is its own until the server is gone, and writes down what it was told.</summary>
internal sealed class CrashClient(Uri server, CrashLedger ledger, Random random)
{
    private const int LargestBlob = 150_000;

    private static readonly string[] Repositories = ["team/app", "team/tools"];

    private readonly string _repository = Repositories[random.Next(2)];

    /// <summary>Runs until the server is gone, or the token says that it is.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        using var api = new RegistryApi(server);
        try
        {
            while (true)
            {
                var blob = await PushInChunksAsync(api, ended);
                var mounted = await MountAsync(api, blob.Digest, ended);
                var image = await PushImageAsync(api, blob, ended);
                switch (random.Next(5))
                {
                    case 0:
                        ledger.Blobs.TryRemove((mounted, blob.Digest), out _);
                        await DeleteAsync(api, $"/v2/{mounted}/blobs/{blob.Digest}", ended);
                        break;
                    case 1:
                        ledger.Tags.TryRemove((_repository, image.Tag), out _);
                        await DeleteAsync(api, $"/v2/{_repository}/manifests/{image.Tag}", ended);
                        break;
                    case 2:
                        ledger.Tags.TryRemove((_repository, image.Tag), out _);
                        ledger.Manifests.TryRemove((_repository, image.Digest), out _);
                        await DeleteAsync(api, $"/v2/{_repository}/manifests/{image.Digest}", ended);
                        ledger.Deleted[$"/v2/{_repository}/manifests/{image.Tag}"] = true;
                        break;
                    default:
                        break;
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // The server is gone, as it was meant to be.
        }
    }

    private async Task<(Digest Digest, long Size)> PushInChunksAsync(RegistryApi api, CancellationToken ended)
    {
        var content = new byte[random.Next(1, LargestBlob)];
        random.NextBytes(content);
        var location = await api.BeginAsync(_repository, ended);
        var upload = ledger.Uploads[location] = new InterruptedUpload(_repository, content);
        while (upload.Acknowledged < content.Length)
        {
            var next = Math.Min(content.Length, upload.Acknowledged + random.Next(1, LargestBlob / 2));
            upload.Sent = next;
            (await api.PatchAsync(location, content[upload.Acknowledged..next], ended)).Expect(HttpStatusCode.Accepted);
            upload.Acknowledged = next;
            ledger.CountAnswer();
        }

        // From here on it may have become a blob, told or not.
        ledger.Uploads.TryRemove(location, out _);
        var digest = Digest.Of(DigestAlgorithm.Sha256, content);
        (await api.FinishAsync(location, digest.ToString(), ended)).Expect(HttpStatusCode.Created);
        ledger.Blobs[(_repository, digest)] = true;
        ledger.CountAnswer();
        return (digest, content.Length);
    }

    private async Task<string> MountAsync(RegistryApi api, Digest digest, CancellationToken ended)
    {
        var other = Repositories.Single(repository => repository != _repository);
        (await api.SendAsync("POST", $"/v2/{other}/blobs/uploads/?mount={digest}&from={_repository}", ended)).Expect(HttpStatusCode.Created);
        ledger.Blobs[(other, digest)] = true;
        ledger.CountAnswer();
        return other;
    }

    private async Task<(Digest Digest, string Tag)> PushImageAsync(RegistryApi api, (Digest, long) layer, CancellationToken ended)
    {
        // All clients push the same configuration.
        var config = Encoding.ASCII.GetBytes("{}");
        var configDigest = await api.PushBlobAsync(_repository, config, ended);
        ledger.Blobs[(_repository, configDigest)] = true;
        ledger.CountAnswer();
        var tag = $"t{random.Next()}";
        var digest = await api.PushManifestAsync(_repository, tag, ManifestJson.Image(configDigest, config.Length, layer), ended);
        ledger.Manifests[(_repository, digest)] = true;
        ledger.CountAnswer();
        ledger.Tags[(_repository, tag)] = digest;
        return (digest, tag);
    }

    private async Task DeleteAsync(RegistryApi api, string path, CancellationToken ended)
    {
        (await api.SendAsync("DELETE", path, ended)).Expect(HttpStatusCode.Accepted);
        ledger.Deleted[path] = true;
        ledger.CountAnswer();
    }
}
