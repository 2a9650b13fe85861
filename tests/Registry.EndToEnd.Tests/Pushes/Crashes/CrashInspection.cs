using System.Globalization;
using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Pushes.Crashes;

/// <summary>Asks a server that was started again for what its clients were told. Not thread-safe.</summary>
internal sealed class CrashInspection(CrashLedger ledger)
{
    private const int AtOnce = 8;

    private readonly HashSet<(string, Digest)> _seen = [];
    private readonly HashSet<string> _missed = [];

    /// <summary>Fails unless all that is new since the last time is kept; goes on with the uploads that were under way.</summary>
    public async Task NewIsKeptAsync(RegistryApi api, string when, CancellationToken cancellationToken)
    {
        await IsKeptAsync(api, ledger.Kept.Where(_seen.Add), when, cancellationToken);
        await IsGoneAsync(api, ledger.Deleted.Keys.Where(_missed.Add), when, cancellationToken);
        foreach (var (location, upload) in ledger.Uploads)
        {
            await GoOnAsync(api, location, upload, when, cancellationToken);
        }
    }

    /// <summary>Fails unless everything is kept.</summary>
    public async Task AllIsKeptAsync(RegistryApi api, string when, CancellationToken cancellationToken)
    {
        await IsKeptAsync(api, ledger.Kept, when, cancellationToken);
        await IsGoneAsync(api, ledger.Deleted.Keys, when, cancellationToken);
    }

    private static Task IsKeptAsync(RegistryApi api, IEnumerable<(string Path, Digest Digest)> kept, string when, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(kept.ToList(), Options(cancellationToken), async (item, token) =>
        {
            var answer = await api.GetAsync(item.Path, token);
            Assert.True(answer.Status == HttpStatusCode.OK && answer.Digest == item.Digest, $"{when}: {item.Path}: {answer.Status}, {answer.Digest}");
        });

    private static Task IsGoneAsync(RegistryApi api, IEnumerable<string> deleted, string when, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(deleted.ToList(), Options(cancellationToken), async (path, token) =>
        {
            var status = (await api.SendAsync("HEAD", path, token)).Status;
            Assert.True(status == HttpStatusCode.NotFound, $"{when}: {path}, which was deleted: {status}");
        });

    private async Task GoOnAsync(RegistryApi api, string location, InterruptedUpload upload, string when, CancellationToken cancellationToken)
    {
        var state = await api.GetAsync(location, cancellationToken);
        Assert.True(state.Status == HttpStatusCode.NoContent, $"{when}: {location} is {state.Status}, {upload.Acknowledged} bytes were acknowledged");
        var held = int.Parse(state.Header("Range")!.AsSpan(2), CultureInfo.InvariantCulture) + 1;

        // The form cannot tell one byte from none.
        held = held == 1 && upload.Acknowledged == 0 ? 0 : held;
        Assert.True(held >= upload.Acknowledged && held <= Math.Max(upload.Sent, 1), $"{when}: {location} holds {held} of {upload.Acknowledged} to {upload.Sent} bytes");
        var digest = Digest.Of(DigestAlgorithm.Sha256, upload.Content);
        var range = ("Content-Range", $"{held}-{upload.Content.Length - 1}");
        var done = await api.FinishAsync(location, digest.ToString(), cancellationToken, upload.Content[held..], held < upload.Content.Length ? [range] : []);
        Assert.True(done.Status == HttpStatusCode.Created, $"{when}: {location} cannot be gone on with at {held}: {done.Text}");
        ledger.Blobs[(upload.Repository, digest)] = true;
        ledger.Uploads.TryRemove(location, out _);
    }

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
}
