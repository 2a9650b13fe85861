using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Registry.Server.Acme;
using Registry.Server.Problems;
using Registry.Server.Requests;

namespace Registry.Server.Listeners;

/// <summary>What the plain listener does with a request before the registry sees it: answers ACME challenges, sends everything else to https. Thread-safe.</summary>
internal sealed class PlainListener(PlainOptions options, Uri? publicHost, int httpsPort, Http01Challenges challenges)
{
    /// <summary>Far more than any key authorization has.</summary>
    private const int MaxChallengeBytes = 64 << 10;

    private const int StandardPort = 443;

    /// <summary>Answers, and gives true; false: the registry is to be served.</summary>
    public async ValueTask<bool> TryServeAsync(HttpContext context)
    {
        if (ChallengePath.Contains(context.Request.Path.Value, out var token))
        {
            await AnswerChallengeAsync(context, token);
            return true;
        }

        // Behind a proxy that ends TLS and comes in here, a redirect would go round for ever.
        if (!options.Redirects || context.Record().Origin.Scheme == "https")
        {
            return false;
        }

        await RedirectAsync(context);
        return true;
    }

    private async Task AnswerChallengeAsync(HttpContext context, string? token)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            await context.WriteProblemAsync(ProblemTable.MethodNotAllowed("GET, HEAD"));
            return;
        }

        var answer = token is null ? null : challenges.Find(token) is { } own ? Encoding.ASCII.GetBytes(own) : await ReadAsync(token, context.RequestAborted);
        if (answer is null)
        {
            await context.WriteProblemAsync(ProblemTable.ChallengeUnknown);
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = answer.Length;
        await context.WriteBodyAsync(answer);
    }

    private async Task<byte[]?> ReadAsync(string token, CancellationToken cancellation)
    {
        if (options.AcmeWebRoot is null)
        {
            return null;
        }

        try
        {
            await using var file = new FileStream(
                Path.Join(options.AcmeWebRoot, ChallengePath.Prefix, token), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            if (file.Length > MaxChallengeBytes)
            {
                return null;
            }

            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Task RedirectAsync(HttpContext context)
    {
        if (TargetOf(context) is not { } location)
        {
            return context.WriteProblemAsync(ProblemTable.HostUnknown);
        }

        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        context.Response.Headers.Location = location;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    // The host and target are the client's own words: only what parses, and cannot end the header, goes back.
    private string? TargetOf(HttpContext context)
    {
        var name = context.Record().Origin.Host?.Name ?? publicHost?.Host;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            // Absolute form (RFC 9112, 3.2.2): its host was the Host header's.
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            target = path < 0 ? "/" : target[path..];
        }

        if (name is null || target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return null;
        }

        var port = publicHost is { Scheme: "https" } ? publicHost.Port : httpsPort;
        return port == StandardPort ? $"https://{name}{target}" : string.Create(CultureInfo.InvariantCulture, $"https://{name}:{port}{target}");
    }
}
