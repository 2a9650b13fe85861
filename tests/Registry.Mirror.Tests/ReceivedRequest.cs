using Microsoft.AspNetCore.Http;

namespace Registry.Mirror.Tests;

/// <summary>What a server saw of a request.</summary>
internal sealed record ReceivedRequest(string Method, string Path, string Query, string Protocol, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public static ReceivedRequest Of(HttpRequest request) => new(
        request.Method,
        request.Path,
        request.QueryString.Value ?? "",
        request.Protocol,
        request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
}
