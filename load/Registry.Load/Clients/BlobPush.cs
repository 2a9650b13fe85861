using Registry.Load.Content;
using Registry.Load.Simulations;

namespace Registry.Load.Clients;

/// <summary>Pushes a blob as clients do: POST, then one PUT.</summary>
internal static class BlobPush
{
    /// <summary>Pushes a blob that lies in a file, by sendfile(2).</summary>
    public static async ValueTask<Response> RunAsync(HttpConnection connection, string repository, GeneratedBlob blob, CancellationToken cancellation)
    {
        var session = await OpenAsync(connection, repository, cancellation);
        await connection.SendAsync(HttpRequest.WithBody("PUT", Finish(session, blob.Digest), blob.Size), cancellation);
        await connection.SendFileAsync(blob.Path, cancellation);
        return Response.Expect((await connection.ReceiveAsync(withoutBody: false, null, cancellation)).Status, 201);
    }

    /// <summary>Pushes a small blob.</summary>
    public static async ValueTask<Response> RunAsync(
        HttpConnection connection, string repository, string digest, byte[] bytes, CancellationToken cancellation)
    {
        var session = await OpenAsync(connection, repository, cancellation);
        byte[] request = [.. HttpRequest.WithBody("PUT", Finish(session, digest), bytes.Length), .. bytes];
        return Response.Expect((await connection.ExchangeAsync(request, null, cancellation)).Status, 201);
    }

    private static async ValueTask<string> OpenAsync(HttpConnection connection, string repository, CancellationToken cancellation)
    {
        var head = await connection.ExchangeAsync(HttpRequest.WithBody("POST", $"/v2/{repository}/blobs/uploads/", 0), null, cancellation);
        var location = head is { Status: 202, Location: { } place } ? place : throw new IOException($"no upload session: status {head.Status}");
        return location.StartsWith('/') ? location : new Uri(location).PathAndQuery;
    }

    private static string Finish(string session, string digest) => $"{session}{(session.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={digest}";
}
