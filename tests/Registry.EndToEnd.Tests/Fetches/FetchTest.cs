using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing;
using Xunit;

namespace Registry.EndToEnd.Fetches;

/// <summary>What tests of the fetch engine share: a mirror with the given <c>mirror.fetch</c>, and readers that compare every byte.</summary>
public abstract class FetchTest : ServerTest
{
    private protected const string Repository = "library/model";
    private protected const int Mebi = 1 << 20;

    /// <summary>
    /// What may be on its way, on a loaded machine, when a reader that begins far ahead moves connections there: those bytes are asked for again. It depends on the
    /// pace and the system's buffers, not on the blob's size.
    /// </summary>
    private protected const long InFlight = Mebi;

    private readonly SocketsHttpHandler _connections = new() { AutomaticDecompression = DecompressionMethods.None };

    /// <summary>Makes the client.</summary>
    protected FetchTest() => Client = new HttpClient(_connections) { Timeout = Timeout.InfiniteTimeSpan };

    private protected HttpClient Client { get; }

    private protected static string BlobPath(Digest digest, string repository = Repository) => $"/v2/{repository}/blobs/{digest}";

    /// <summary>Starts the mirror of an upstream with those endpoints, best first.</summary>
    /// <param name="fetch">The keys of <c>mirror.fetch</c>, as a YAML flow: <c>connections: 1, stalltimeout: 1s</c>.</param>
    /// <param name="endpoints">Where the upstream answers.</param>
    private protected Task<RegistryProcess> StartFetcherAsync(string fetch, params IEnumerable<ScriptedUpstream> endpoints) =>
        StartFetcherAsync(fetch, "", endpoints);

    /// <summary>The same with further keys of the upstream, as a YAML flow.</summary>
    private protected Task<RegistryProcess> StartFetcherAsync(string fetch, string upstream, IEnumerable<ScriptedUpstream> endpoints)
    {
        var port = FreePort.Find();
        var urls = endpoints.Select(endpoint => endpoint.Url);
        return RegistryProcess.StartAsync(RegistryConfiguration.Fetching(DataDirectory, port, urls, fetch, upstream), port, ConfigurationFile, Token);
    }

    /// <summary>Reads a blob, or a range of it, and compares every byte.</summary>
    private protected Task<Reading> ReadAsync(RegistryProcess server, ScriptedUpstream upstream, Digest digest, ReaderRange range = default) =>
        Reading.ReadAsync(Client, new Uri(server.Url, BlobPath(digest)), upstream.Content.Content(digest), range, Token);

    /// <summary>Fails with what the server said unless every reader had all of its range, right.</summary>
    private protected static void AssertAllRight(IEnumerable<Reading> readings, RegistryProcess server)
    {
        var wrong = readings.Where(reading => !reading.IsComplete || !reading.IsRight).ToArray();
        Assert.True(wrong.Length == 0, $"{string.Join('\n', wrong.AsEnumerable())}\n{server.Process.Said}");
    }

    /// <summary>Fails with what the upstream was asked unless it sent every byte of its blob, and no more than so many.</summary>
    private protected static void AssertSent(FaultyUpstream upstream, long most, RegistryProcess server)
    {
        var factor = (double)upstream.BytesSent / upstream.Blob.Size;
        TestContext.Current.SendDiagnosticMessage("{0}: {1:0.000} x asked", TestContext.Current.Test?.TestDisplayName ?? "", factor);
        Assert.True(
            upstream.BytesSent >= upstream.Blob.Size && upstream.BytesSent <= most,
            $"{upstream.BytesSent} bytes were sent, expected {upstream.Blob.Size} to {most}.\n{upstream.Asked}\n{server.Process.Said}");
    }

    /// <summary>Fails with what the upstream was asked unless it sent at least and at most so many bytes of the blob.</summary>
    private protected static void AssertSent(ScriptedUpstream upstream, Descriptor blob, long least, long most, RegistryProcess server)
    {
        var sent = upstream.Log.BytesSent(blob.Digest);
        TestContext.Current.SendDiagnosticMessage("{0}: {1:0.000} x asked", TestContext.Current.Test?.TestDisplayName ?? "", (double)sent / blob.Size);
        var asked = string.Join('\n', upstream.Log.Requests.Where(request => request.Digest == blob.Digest));
        Assert.True(sent >= least && sent <= most, $"{sent} bytes were sent, expected {least} to {most}.\n{asked}\n{server.Process.Said}");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Client.Dispose();
            _connections.Dispose();
        }

        base.Dispose(disposing);
    }
}
