using Registry.Load.Clients;

namespace Registry.Load.Simulations;

/// <summary>The steps that several scenarios have.</summary>
internal static class Steps
{
    /// <summary>GET of a path, whole or a range of it.</summary>
    public static Step Get(string name, string path, string? range = null, int weight = 1, string? authorization = null)
    {
        var request = HttpRequest.Get(path, range, authorization);
        return new Step(name, (context, cancellation) => SendAsync(context, request, range is null ? 200 : 206, cancellation), weight);
    }

    /// <summary>HEAD of a path.</summary>
    public static Step Head(string name, string path, int weight = 1)
    {
        var request = HttpRequest.Head(path);
        return new Step(name, (context, cancellation) => SendAsync(context, request, 200, cancellation), weight);
    }

    private static async ValueTask<Response> SendAsync(StepContext context, byte[] request, int expected, CancellationToken cancellation) =>
        Response.Expect((await context.Connection.ExchangeAsync(request, context.Received, cancellation)).Status, expected);
}
