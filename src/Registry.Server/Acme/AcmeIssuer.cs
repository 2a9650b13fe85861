using System.Buffers.Text;
using System.Security.Cryptography;
using Registry.Server.Listeners;
using Registry.Server.Tls;

namespace Registry.Server.Acme;

/// <summary>Orders one certificate: account, order, HTTP-01, finalize, download (RFC 8555, 7). For one thread.</summary>
internal sealed class AcmeIssuer(AcmeOptions options, HttpClient http, Http01Challenges challenges, TimeProvider time)
{
    /// <summary>Most questions for what becomes of an authorization or an order: some five minutes.</summary>
    private const int MaxPolls = 60;

    /// <summary>Bounds of the time between two questions, whatever the authority wishes.</summary>
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    /// <summary>Orders a certificate.</summary>
    /// <param name="state">What is known of the authority.</param>
    /// <param name="save">Is called as soon as there is an account, so that the next attempt has it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="AcmeException">The authority refuses.</exception>
    /// <exception cref="HttpRequestException">The authority is not reached.</exception>
    /// <exception cref="CryptographicException">The state's key is none.</exception>
    public async Task<AcmeState> IssueAsync(AcmeState state, Action<AcmeState> save, CancellationToken cancellation)
    {
        using var accountKey = AccountKey.Open(state.AccountKey);
        var connection = new AcmeConnection(http, accountKey);
        var directory = await connection.OpenAsync(options.Directory, cancellation);
        var account = await RegisterAsync(connection, directory, cancellation);
        if (account != state.Account)
        {
            state = state with { Account = account };
            save(state);
        }

        var (url, order) = await OrderAsync(connection, directory, cancellation);
        foreach (var authorization in order.Authorizations)
        {
            await ProveAsync(connection, accountKey, authorization, cancellation);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new AcmeFinalize(Base64Url.EncodeToString(HostCertificate.Request(options.Hosts, key).CreateSigningRequest()));
        using (await connection.SendAsync(order.Finalize, request, AcmeJson.Default.AcmeFinalize, cancellation))
        {
            order = await WaitForOrderAsync(connection, url, cancellation);
        }

        using var certificate = await connection.GetAsync(order.Certificate!, cancellation);
        return state with
        {
            Hosts = options.Hosts,
            Certificate = await certificate.Content.ReadAsStringAsync(cancellation),
            Key = key.ExportPkcs8PrivateKeyPem(),
        };
    }

    // Of a key that has an account, the authority gives that one: so one that it has forgotten comes back.
    private async Task<Uri> RegisterAsync(AcmeConnection connection, AcmeDirectory directory, CancellationToken cancellation)
    {
        var account = new AcmeNewAccount(TermsOfServiceAgreed: true, options.Email is null ? null : [$"mailto:{options.Email}"]);
        using var response = await connection.SendAsync(directory.NewAccount, account, AcmeJson.Default.AcmeNewAccount, cancellation);
        return connection.Account = Location(response);
    }

    private async Task<(Uri Url, AcmeOrder Order)> OrderAsync(AcmeConnection connection, AcmeDirectory directory, CancellationToken cancellation)
    {
        var wish = new AcmeNewOrder([.. options.Hosts.Select(static host => new AcmeIdentifier("dns", host))]);
        using var response = await connection.SendAsync(directory.NewOrder, wish, AcmeJson.Default.AcmeNewOrder, cancellation);
        return (Location(response), await AcmeConnection.ReadAsync(response, AcmeJson.Default.AcmeOrder, cancellation));
    }

    private async Task ProveAsync(AcmeConnection connection, AccountKey key, Uri url, CancellationToken cancellation)
    {
        using var first = await connection.GetAsync(url, cancellation);
        var authorization = await AcmeConnection.ReadAsync(first, AcmeJson.Default.AcmeAuthorization, cancellation);
        if (authorization.Status == "valid")
        {
            return;
        }

        var host = authorization.Identifier.Value;
        var challenge = authorization.Challenges.FirstOrDefault(static one => one.Type == "http-01");
        if (challenge is not { Token: { } token } || !ChallengePath.IsToken(token))
        {
            throw new AcmeException($"the authority offers no HTTP challenge for {host}");
        }

        challenges.Add(token, key.Authorize(token));
        try
        {
            using (await connection.SendAsync(challenge.Url, new AcmeReady(), AcmeJson.Default.AcmeReady, cancellation))
            {
                await WaitForProofAsync(connection, url, host, cancellation);
            }
        }
        finally
        {
            challenges.Remove(token);
        }
    }

    private async Task WaitForProofAsync(AcmeConnection connection, Uri url, string host, CancellationToken cancellation)
    {
        for (var poll = 0; poll < MaxPolls; poll++)
        {
            using var response = await connection.GetAsync(url, cancellation);
            var authorization = await AcmeConnection.ReadAsync(response, AcmeJson.Default.AcmeAuthorization, cancellation);
            switch (authorization.Status)
            {
                case "valid":
                    return;
                case "pending" or "processing":
                    await WaitAsync(response, cancellation);
                    break;
                default:
                    var error = authorization.Challenges.Select(static one => one.Error).FirstOrDefault(static one => one is not null);
                    throw AcmeException.Of($"the authority could not convince itself that {host} is this server", error);
            }
        }

        throw new AcmeException($"the authority does not come to an end with {host}");
    }

    private async Task<AcmeOrder> WaitForOrderAsync(AcmeConnection connection, Uri url, CancellationToken cancellation)
    {
        for (var poll = 0; poll < MaxPolls; poll++)
        {
            using var response = await connection.GetAsync(url, cancellation);
            var order = await AcmeConnection.ReadAsync(response, AcmeJson.Default.AcmeOrder, cancellation);
            switch (order.Status)
            {
                case "valid" when order.Certificate is not null:
                    return order;
                case "processing":
                    await WaitAsync(response, cancellation);
                    break;
                default:
                    throw AcmeException.Of($"the order is {order.Status}", order.Error);
            }
        }

        throw new AcmeException("the authority does not come to an end with the order");
    }

    private Task WaitAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var wish = AcmeConnection.RetryAfter(response) ?? ShortestPoll;
        return Task.Delay(wish < ShortestPoll ? ShortestPoll : wish > LongestPoll ? LongestPoll : wish, time, cancellation);
    }

    private static Uri Location(HttpResponseMessage response) =>
        response.Headers.Location is { IsAbsoluteUri: true } location ? location : throw new AcmeException("the authority names no location");
}
