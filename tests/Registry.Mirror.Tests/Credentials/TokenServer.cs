using Microsoft.AspNetCore.Http;

namespace Registry.Mirror.Tests.Credentials;

/// <summary>A registry that wants tokens, with its realm on the same host: <c>/token</c> gives numbered ones, of which only the last is let in.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private int _issued;

    private TokenServer()
    {
    }

    public LoopbackServer Server { get; private set; } = null!;

    /// <summary>The realm in the challenge; by default the server's own.</summary>
    public string? Realm { get; set; }

    public string Scope { get; set; } = "repository:user/image:pull";

    /// <summary>The realm's answer; by default a token for 300 s.</summary>
    public Func<HttpContext, string, Task> Issue { get; set; } = static (context, token) => context.Response.WriteAsync($$"""{"token":"{{token}}","expires_in":300}""", context.RequestAborted);

    /// <summary>What the registry says to those who are let in.</summary>
    public RequestDelegate Serve { get; set; } = static context => context.Response.WriteAsync("content", context.RequestAborted);

    /// <summary>A token that is no longer let in, though it is the last.</summary>
    public string? Revoked { get; set; }

    public int Issued => _issued;

    public static async Task<TokenServer> StartAsync()
    {
        var server = new TokenServer();
        server.Server = await LoopbackServer.StartAsync(server.AnswerAsync);
        return server;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/token")
        {
            return Issue(context, $"token-{Interlocked.Increment(ref _issued)}");
        }

        var token = $"token-{_issued}";
        if (token != Revoked && context.Request.Headers.Authorization == $"Bearer {token}")
        {
            return Serve(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Realm ?? $"{Server.Url}token"}\",service=\"test\",scope=\"{Scope}\"";
        return Task.CompletedTask;
    }
}
