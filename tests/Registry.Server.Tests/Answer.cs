using System.Text.Json;
using Xunit;

namespace Registry.Server.Tests;

/// <summary>What tests ask of answers.</summary>
internal static class Answer
{
    /// <summary>The value of a header of either kind; null: absent.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    public static Task<byte[]> BytesAsync(this HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    public static Task<string> TextAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Fails unless the answer is an error in the form of the OCI distribution specification, with that status and code; gives its message.</summary>
    public static async Task<string> ExpectProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.TextAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/json", response.Header("Content-Type"));
        using var body = JsonDocument.Parse(text);
        var error = Assert.Single(body.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(response.Header("X-Request-Id"), error.GetProperty("detail").GetProperty("requestId").GetString());
        Assert.Null(response.Header("Docker-Content-Digest"));
        Assert.Null(response.Header("ETag"));
        var message = error.GetProperty("message").GetString()!;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        return message;
    }
}
