using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Credentials;

/// <summary>Fetches tokens from a realm that has been judged before (distribution's token specification, GET form). Thread-safe.</summary>
internal sealed class TokenClient(AuthenticationHeaderValue? basic, UpstreamTransport transport, Failures failures, TimeProvider time, ILogger logger)
{
    /// <summary>Longest answer that is read, in bytes: twice what the largest known tokens need.</summary>
    public const int LongestBody = 64 * 1024;

    // The specification's default, which clients also take as the least.
    private const double LeastSeconds = 60;

    // No realm gives more; it keeps a hostile number from overflowing the calendar.
    private const double MostSeconds = 24 * 60 * 60;

    // A request that is sent at the very end of a token's life would arrive after it.
    private const double UsedShare = 0.9;

    /// <summary>Fetches one token.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<TokenResult> FetchAsync(TokenKey key, CancellationToken cancellation)
    {
        var asked = time.GetUtcNow();
        var answer = await transport.SendAsync(new Question(HttpMethod.Get, UrlOf(key)) { Authorization = basic }, cancellation);
        if (answer.Response is null)
        {
            return Fail(answer.Failure!);
        }

        using var response = answer.Response;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Fail(failures.Answered(answer.From, response));
        }

        var body = await ReadAsync(response, cancellation);
        var token = body?.Token is { Length: > 0 } named ? named : body?.AccessToken;
        if (token is not { Length: > 0 } || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return Fail(failures.Invalid($"{answer.From.Authority} answered without a usable token"));
        }

        var lifetime = TimeSpan.FromSeconds(UsedShare * Math.Clamp(body!.ExpiresIn ?? LeastSeconds, LeastSeconds, MostSeconds));
        MirrorLog.TokenFetched(logger, failures.Upstream, key.Scope, answer.From.Authority, lifetime);
        return new TokenResult(new BearerToken(token, asked + lifetime), null);
    }

    private static TokenResult Fail(UpstreamFailure failure) => new(null, failure);

    private static Uri UrlOf(TokenKey key)
    {
        var query = key.Realm.Query.TrimStart('?');
        var service = key.Service is null ? "" : $"service={Uri.EscapeDataString(key.Service)}&";
        return new UriBuilder(key.Realm)
        {
            UserName = "",
            Password = "",
            Fragment = "",
            Query = $"{query}{(query.Length == 0 ? "" : "&")}{service}scope={Uri.EscapeDataString(key.Scope)}",
        }.Uri;
    }

    // Null: too long, broken off, or no JSON of this kind.
    private async Task<TokenResponse?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(UpstreamTransport.HeaderTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var buffer = new byte[LongestBody + 1];
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, either.Token);
            return length > LongestBody ? null : JsonSerializer.Deserialize(buffer.AsSpan(0, length), TokenJson.Default.TokenResponse);
        }
        catch (Exception failure) when (failure is JsonException or IOException or HttpRequestException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
