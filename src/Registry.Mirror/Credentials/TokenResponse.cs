using System.Text.Json.Serialization;

namespace Registry.Mirror.Credentials;

/// <summary>The body of a token realm's answer (distribution's token specification). Both names of the token are in use.</summary>
internal sealed record TokenResponse
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}
