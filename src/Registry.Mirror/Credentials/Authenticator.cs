using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Credentials;

/// <summary>
/// Gets one endpoint's requests let in. Learns from the first 401 how the endpoint wants to be asked, and from then on has the token ready before the request
/// goes out. Thread-safe: its state is one reference to an immutable scheme, and the token cache.
/// </summary>
internal sealed class Authenticator
{
    private readonly Uri _endpoint;
    private readonly IReadOnlyList<string> _realms;
    private readonly UpstreamTransport _transport;
    private readonly Failures _failures;
    private readonly AuthenticationHeaderValue? _basic;
    private readonly TokenCache _tokens;
    private volatile AuthenticationScheme? _scheme;

    public Authenticator(
        Uri endpoint,
        UpstreamCredential? credential,
        IReadOnlyList<string> realms,
        UpstreamTransport transport,
        Failures failures,
        TimeProvider time,
        ILogger logger)
    {
        _endpoint = endpoint;
        _realms = realms;
        _transport = transport;
        _failures = failures;
        _basic = credential is null
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")));
        _tokens = new TokenCache(new TokenClient(_basic, transport, failures, time, logger).FetchAsync, time);
    }

    /// <summary>What a request carries by what is known so far.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<Grant> PrepareAsync(RepositoryName repository, CancellationToken cancellation)
    {
        var known = _scheme;
        var grant = known is null ? Grant.None : await GrantAsync(known, repository, cancellation);
        if (grant.Failure is { Kind: not UpstreamFailureKind.TooManyRequests })
        {
            // The realm may have moved: the next request hears from the endpoint itself. A scheme learned meanwhile stays.
            Interlocked.CompareExchange(ref _scheme, null, known);
        }

        return grant;
    }

    /// <summary>What the same request carries the second time, after a 401 of the endpoint; a failure if a second time makes no sense.</summary>
    /// <param name="refused">The 401. Its owner stays the caller.</param>
    /// <param name="repository">The repository asked for.</param>
    /// <param name="carried">What was refused; its token is not used again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<Grant> AnswerAsync(HttpResponseMessage refused, RepositoryName repository, Grant carried, CancellationToken cancellation)
    {
        var (scheme, failure) = Learn(refused);
        if (scheme is null)
        {
            return new Grant { Failure = failure };
        }

        if (scheme is AuthenticationScheme.Basic { Header: var header } && ReferenceEquals(header, carried.Header))
        {
            return new Grant { Failure = _failures.Answered(_endpoint, refused) };
        }

        _scheme = scheme;
        if (scheme is AuthenticationScheme.Bearer bearer && carried.Token is { } token)
        {
            _tokens.Drop(bearer.KeyFor(repository), token);
        }

        return await GrantAsync(scheme, repository, cancellation);
    }

    private async Task<Grant> GrantAsync(AuthenticationScheme scheme, RepositoryName repository, CancellationToken cancellation)
    {
        if (scheme is not AuthenticationScheme.Bearer bearer)
        {
            return new Grant { Header = ((AuthenticationScheme.Basic)scheme).Header };
        }

        var result = await _tokens.GetAsync(bearer.KeyFor(repository), cancellation);
        return result.Token is { } token
            ? new Grant { Header = new AuthenticationHeaderValue("Bearer", token.Value), Token = token }
            : new Grant { Failure = result.Failure };
    }

    private (AuthenticationScheme? Scheme, UpstreamFailure? Failure) Learn(HttpResponseMessage refused)
    {
        var challenges = new List<Challenge>();
        if (refused.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers))
        {
            foreach (var header in headers)
            {
                challenges.AddRange(ChallengeParser.Parse(header));
            }
        }

        if (challenges.Find(static challenge => challenge.Is("Bearer")) is { } bearer)
        {
            if (!Uri.TryCreate(bearer["realm"], UriKind.Absolute, out var realm) || realm.HostNameType == UriHostNameType.Unknown)
            {
                return (null, _failures.Invalid($"{_endpoint.Authority} names no usable token realm"));
            }

            return RealmPolicy.Refuse(_endpoint, realm, _realms, _transport.EndpointClass) is { } refusal
                ? (null, _failures.Invalid(refusal))
                : (new AuthenticationScheme.Bearer(realm, bearer["service"], bearer["scope"]), null);
        }

        return _basic is not null && challenges.Exists(static challenge => challenge.Is("Basic"))
            ? (new AuthenticationScheme.Basic(_basic), null)
            : (null, _failures.Answered(_endpoint, refused));
    }
}
