using System.Net;
using System.Text;
using System.Text.Json;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Servers;

/// <summary>What a server answered, read to its end.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body's digest.</summary>
    public Digest Digest => Digest.Of(DigestAlgorithm.Sha256, Body);

    /// <summary>Where the server says that it goes on.</summary>
    public string Location => Header("Location") ?? throw new InvalidOperationException($"{(int)Status} without a Location: {Text}");

    /// <summary>The value of a header, several joined with commas; null when there is none.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The strings of an array in the body.</summary>
    public string[] Strings(string property)
    {
        using var json = JsonDocument.Parse(Body);
        return [.. json.RootElement.GetProperty(property).EnumerateArray().Select(static item => item.GetString()!)];
    }

    /// <summary>The page after this one, from its Link; null when this is the last.</summary>
    public string? NextPage()
    {
        if (Header("Link") is not { } link)
        {
            return null;
        }

        Assert.EndsWith(">; rel=\"next\"", link);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    /// <summary>Fails unless it is that status, and gives itself.</summary>
    public ApiAnswer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)Status} in place of {(int)status}: {Text}");
        return this;
    }

    /// <summary>Fails unless it is that status and an error in the form that the OCI specification gives.</summary>
    public ApiAnswer ExpectError(HttpStatusCode status, string code)
    {
        Expect(status);
        Assert.Equal("application/json", Header("Content-Type"));
        using var json = JsonDocument.Parse(Body);
        var error = Assert.Single(json.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        return this;
    }
}
