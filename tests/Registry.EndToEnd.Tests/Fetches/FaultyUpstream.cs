using Registry.Storage.Content;
using Registry.Testing;
using Registry.Testing.Authentication;
using Registry.Testing.Faults;
using Registry.Testing.Images;
using Registry.Testing.Redirects;
using Registry.Testing.Requests;

namespace Registry.EndToEnd.Fetches;

/// <summary>An upstream of Docker Hub's kind with one blob and faults on the way to it. Owns what it starts.</summary>
internal sealed class FaultyUpstream : IAsyncDisposable
{
    private const int Mebi = 1 << 20;
    private const string Repository = "library/model";

    // A client that wants no more of a body reads up to 1 MiB of it to keep the connection; a few pieces are on their way.
    private const long Drained = Mebi + (Mebi / 4);

    private readonly List<Task> _scripts = [];
    private readonly ScriptedUpstream _other;
    private readonly CancellationToken _cancellation;

    private FaultyUpstream(ScriptedUpstream registry, ScriptedUpstream other, Descriptor blob, CancellationToken cancellation)
    {
        Registry = registry;
        _other = other;
        Blob = blob;
        _cancellation = cancellation;
    }

    /// <summary>The upstream.</summary>
    public ScriptedUpstream Registry { get; }

    /// <summary>The blob.</summary>
    public Descriptor Blob { get; }

    /// <summary>Bytes of the blob that all hosts together have sent; bodies of errors are none.</summary>
    public long BytesSent => Requests.Where(request => request.Status is 200 or 206).Sum(request => request.BytesSent);

    /// <summary>Every request for the blob, for messages.</summary>
    public string Asked => string.Join('\n', Requests);

    private IEnumerable<UpstreamRequest> Requests => Registry.Log.Requests.Concat(_other.Log.Requests).Where(request => request.Digest == Blob.Digest);

    private RequestMatch Second => Registry.OnBlob(Blob.Digest).Nth(2);

    private RequestMatch Third => Registry.OnBlob(Blob.Digest).Nth(3);

    private RequestMatch SecondLink => Registry.On(r => r is { Part: UpstreamPart.Registry, IsBlob: true, AuthorizationScheme: not null }).Nth(2);

    /// <summary>Starts one. Its pace keeps the system's buffers empty, so that a connection that is cut takes few bytes with it.</summary>
    public static async Task<FaultyUpstream> StartAsync(ulong seed, long length, CancellationToken cancellation)
    {
        var options = new ScriptedUpstreamOptions { Authentication = new UpstreamAuthentication.Bearer(), Redirects = RedirectStyle.Cdn };
        var registry = await ScriptedUpstream.StartAsync(options, cancellation);
        var other = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), cancellation);
        foreach (var upstream in (ScriptedUpstream[])[registry, other])
        {
            upstream.Content.AddBlob(Repository, new SeededContent(seed, length));
            upstream.Pace.BytesPerSecondPerConnection = 40 * Mebi;
        }

        var blob = registry.Content.AddBlob(Repository, new SeededContent(seed, length));
        return new FaultyUpstream(registry, other, blob, cancellation);
    }

    /// <summary>Puts a fault in force.</summary>
    /// <returns>The most bytes that it makes the upstream send in vain.</returns>
    public long Script(TransferFault fault)
    {
        switch (fault)
        {
            case TransferFault.Reset:
                Second.ResetAfter(Mebi / 2);
                Third.ResetAfter(Mebi / 2);
                return Mebi;
            case TransferFault.Stall:
                Second.StallAfter(Mebi / 2);
                return 0;
            case TransferFault.EarlyEnd:
                Second.CloseAfter(Mebi / 2);
                Third.CloseAfter(Mebi / 2);
                return 0;
            case TransferFault.ServerError:
                Second.Answer(500);
                Third.Answer(503);
                return 0;
            case TransferFault.RateLimited:
                Second.Answer(429, retryAfter: TimeSpan.FromSeconds(1));
                SecondLink.Answer(429, retryAfter: TimeSpan.FromSeconds(1));
                return 0;
            case TransferFault.ExpiredToken:
                WhenSent(Blob.Size / 4, () =>
                {
                    Registry.Tokens.RevokeAll();
                    Registry.Links.ExpireAll();
                    return Task.CompletedTask;
                });
                return 0;
            case TransferFault.ExpiredLink:
                Registry.Links.UsesPerLink = 1;
                return 0;
            case TransferFault.ChangedRedirect:
                Registry.Links.UsesPerLink = 2;
                SecondLink.RedirectTo($"{_other.Url}v2/{Repository}/blobs/{Blob.Digest}");
                return 0;
            case TransferFault.WrongContentRange:
                Second.ClaimHeader("Content-Range", $"bytes 0-99/{Blob.Size}");
                return Drained;
            case TransferFault.OtherLength:
                Second.ClaimHeader("Content-Range", $"bytes 0-99/{Blob.Size + 1}");
                Third.ClaimHeader("Content-Range", null);
                return 2 * Drained;
            case TransferFault.OtherEntityTag:
                Second.ClaimHeader("ETag", "\"another\"");
                return Drained;
            case TransferFault.RangeIgnored:
                // Alone, a transfer reads past what is held; beside others, it is given up.
                Third.IgnoreRange();
                return Blob.Size;
            case TransferFault.Refused:
                WhenSent(Blob.Size / 4, async () =>
                {
                    await Registry.StopAsync();
                    await Registry.StartAsync(_cancellation);
                });
                return 8 * Drained;
            case TransferFault.NotFound:
                Second.Answer(404);
                SecondLink.Answer(404);
                return 0;
            case TransferFault.Forbidden:
                for (var n = 2; n <= 6; n++)
                {
                    Registry.OnBlob(Blob.Digest).Nth(n).Answer(403);
                }

                return 0;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_scripts);
        await Registry.DisposeAsync();
        await _other.DisposeAsync();
    }

    private void WhenSent(long bytes, Func<Task> action)
    {
        _scripts.Add(RunAsync());

        async Task RunAsync()
        {
            await Registry.Log.WaitForAsync(log => log.BytesSent(Blob.Digest) >= bytes, _cancellation);
            await action();
        }
    }
}
