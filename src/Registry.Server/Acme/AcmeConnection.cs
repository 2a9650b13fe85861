using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Registry.Server.Acme;

/// <summary>Sends signed requests to an authority, with its nonces (RFC 8555, 6). For one thread.</summary>
internal sealed class AcmeConnection(HttpClient http, AccountKey key)
{
    /// <summary>A nonce may be refused for no fault of ours; an authority that refuses so many is broken.</summary>
    private const int MaxNonces = 20;

    private static readonly MediaTypeHeaderValue Jose = new("application/jose+json");

    private string? _nonce;
    private AcmeDirectory? _directory;

    /// <summary>The account's URL; null: the key is sent along in its place.</summary>
    public Uri? Account { get; set; }

    /// <summary>Reads the authority's directory.</summary>
    /// <exception cref="AcmeException">It is none.</exception>
    /// <exception cref="HttpRequestException">The authority is not reached.</exception>
    public async Task<AcmeDirectory> OpenAsync(Uri directory, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(directory, cancellation);
        return _directory = await ReadAsync(response, AcmeJson.Default.AcmeDirectory, cancellation);
    }

    /// <summary>Sends a payload; the caller disposes of the answer, which is a success.</summary>
    /// <exception cref="AcmeException">The authority refuses.</exception>
    /// <exception cref="HttpRequestException">The authority is not reached.</exception>
    public async Task<HttpResponseMessage> SendAsync<T>(Uri url, T payload, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        await SendAsync(url, JsonSerializer.SerializeToUtf8Bytes(payload, type), cancellation);

    /// <summary>Reads a resource (POST-as-GET); the caller disposes of the answer.</summary>
    /// <exception cref="AcmeException">The authority refuses.</exception>
    /// <exception cref="HttpRequestException">The authority is not reached.</exception>
    public Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellation) => SendAsync(url, [], cancellation);

    /// <summary>Reads JSON out of an answer.</summary>
    /// <exception cref="AcmeException">It is not what was expected.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, cancellation);
        }

        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new AcmeException($"{response.RequestMessage!.RequestUri!.Authority} answers what is not of the ACME protocol");
        }
    }

    /// <summary>When an answer says to ask again; null: it does not.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now => date - now,
            _ => null,
        };

    private async Task<HttpResponseMessage> SendAsync(Uri url, byte[] payload, CancellationToken cancellation)
    {
        if (url.Scheme != Uri.UriSchemeHttps)
        {
            throw new AcmeException("the authority names a URL that is not https");
        }

        for (var attempt = 1; ; attempt++)
        {
            var nonce = await NonceAsync(cancellation);
            using var content = new ByteArrayContent(key.Sign(url, nonce, Account, payload));
            content.Headers.ContentType = Jose;
            var response = await http.PostAsync(url, content, cancellation);
            Remember(response);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                var refusal = await RefusalAsync(response, cancellation);
                if (refusal.Type != "badNonce" || attempt == MaxNonces)
                {
                    throw refusal;
                }
            }
        }
    }

    private async Task<string> NonceAsync(CancellationToken cancellation)
    {
        if (_nonce is null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, _directory!.NewNonce);
            using var response = await http.SendAsync(request, cancellation);
            Remember(response);
        }

        var nonce = _nonce ?? throw new AcmeException("the authority gives no nonce");
        _nonce = null;
        return nonce;
    }

    private void Remember(HttpResponseMessage response) =>
        _nonce = response.Headers.TryGetValues("Replay-Nonce", out var values) ? values.First() : null;

    private static async Task<AcmeException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        AcmeProblem? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync(AcmeJson.Default.AcmeProblem, cancellation);
        }
        catch (JsonException)
        {
            // A proxy's page, or the like: the status says enough.
        }

        return AcmeException.Of($"{response.RequestMessage!.RequestUri!.Authority} answers {(int)response.StatusCode}", problem, RetryAfter(response));
    }
}
