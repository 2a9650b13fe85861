namespace Registry.EndToEnd.Servers;

/// <summary>Whether a server has begun to answer.</summary>
internal static class Readiness
{
    private static readonly HttpClient Client = new();

    /// <summary>Asks for <c>/v2/</c> once; any answer will do.</summary>
    public static async Task<bool> AnswersAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri(url, "/v2/"), cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
