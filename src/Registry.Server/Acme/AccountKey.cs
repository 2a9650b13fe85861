using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Registry.Server.Acme;

/// <summary>An account's key: signs what is sent as a JWS with ES256 (RFC 7515; RFC 8555, 6.2). For one thread.</summary>
internal sealed class AccountKey : IDisposable
{
    /// <summary>Of the curve P-256, which ES256 means.</summary>
    private const int Bits = 256;

    private readonly ECDsa _key;
    private readonly string _x;
    private readonly string _y;

    private AccountKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        (_x, _y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }

    /// <summary>A new one, as PEM.</summary>
    public static string CreatePem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Whether a PEM is one.</summary>
    public static bool IsUsable(string pem)
    {
        try
        {
            Open(pem).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    public static AccountKey Open(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == Bits ? new AccountKey(key) : throw new CryptographicException("That key is of another curve.");
        }
        catch (ArgumentException e)
        {
            key.Dispose();
            throw new CryptographicException("That is no private key.", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>What a challenge's token is answered with (RFC 8555, 8.1).</summary>
    public string Authorize(string token)
    {
        // Members in this order and without spaces: RFC 7638, 3.
        var jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{_x}}","y":"{{_y}}"}""";
        return $"{token}.{Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(jwk)))}";
    }

    /// <summary>Signs a payload.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="nonce">The authority's nonce, used once.</param>
    /// <param name="account">The account's URL; null: the key itself is sent along.</param>
    /// <param name="payload">The JSON; empty for POST-as-GET.</param>
    public byte[] Sign(Uri url, string nonce, Uri? account, ReadOnlySpan<byte> payload)
    {
        var header = Base64Url.EncodeToString(Header(url, nonce, account));
        var body = Base64Url.EncodeToString(payload);
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{header}.{body}"), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return Encoding.ASCII.GetBytes($$"""{"protected":"{{header}}","payload":"{{body}}","signature":"{{Base64Url.EncodeToString(signature)}}"}""");
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private ReadOnlySpan<byte> Header(Uri url, string nonce, Uri? account)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("alg", "ES256");
            json.WriteString("nonce", nonce);
            json.WriteString("url", url.AbsoluteUri);
            if (account is not null)
            {
                json.WriteString("kid", account.AbsoluteUri);
            }
            else
            {
                json.WriteStartObject("jwk");
                json.WriteString("kty", "EC");
                json.WriteString("crv", "P-256");
                json.WriteString("x", _x);
                json.WriteString("y", _y);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
