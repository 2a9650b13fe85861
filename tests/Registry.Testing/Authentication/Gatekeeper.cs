using Microsoft.AspNetCore.Http;
using Registry.Testing.Serving;

namespace Registry.Testing.Authentication;

/// <summary>Lets a request to the registry pass or answers it with a challenge. Thread-safe.</summary>
internal sealed class Gatekeeper(UpstreamAuthentication authentication, TokenIssuer? tokens, Func<int> tokenPort, string scheme)
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>The refusal, or null if the request may pass.</summary>
    /// <param name="request">The request.</param>
    /// <param name="repository">The repository that it is about; null for <c>/v2/</c>.</param>
    public UpstreamResponse? Refuse(HttpRequest request, string? repository) => authentication switch
    {
        UpstreamAuthentication.Basic basic when !BasicCredentials.Match(request, basic.User, basic.Password) =>
            Challenge("Basic realm=\"registry\""),
        UpstreamAuthentication.Bearer bearer => RefuseBearer(request, repository, bearer, tokens!),
        _ => null,
    };

    private UpstreamResponse? RefuseBearer(
        HttpRequest request, string? repository, UpstreamAuthentication.Bearer options, TokenIssuer issuer)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(BearerPrefix, StringComparison.Ordinal) && issuer.Allows(header[BearerPrefix.Length..], repository))
        {
            return null;
        }

        var challenge = $"Bearer realm=\"{scheme}://{options.RealmHost}:{tokenPort()}/token\",service=\"{options.Service}\"";
        if ((options.ChallengeScope ?? (repository is null ? null : issuer.ScopeFor(repository))) is { } scope)
        {
            challenge += $",scope=\"{scope}\"";
        }

        return Challenge(challenge);
    }

    private static UpstreamResponse Challenge(string challenge)
    {
        var response = UpstreamResponse.Error(401, "UNAUTHORIZED", "authentication required");
        response.Headers["WWW-Authenticate"] = challenge;
        return response;
    }
}
