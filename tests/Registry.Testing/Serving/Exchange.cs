using Microsoft.AspNetCore.Http;
using Registry.Testing.Faults;
using Registry.Testing.Pacing;
using Registry.Testing.Requests;

namespace Registry.Testing.Serving;

/// <summary>The way of every request through a scripted upstream: log, faults, latency, answer, body. One for each listener; thread-safe.</summary>
internal sealed class Exchange(
    UpstreamPart part,
    RequestLog log,
    FaultScript faults,
    UpstreamPace pace,
    Func<HttpContext, string?, UpstreamResponse> answer)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = new UpstreamRequest(part, context);
        log.Add(request);
        try
        {
            var effects = faults.For(request);
            if (effects.BeforeHeaders is { } gate)
            {
                await gate.PassAsync(context.RequestAborted);
            }

            await pace.BeforeHeadersAsync(context.RequestAborted);
            var response = effects.Answer ?? answer(context, effects.IgnoreRange ? null : request.Range);
            var writer = new ResponseWriter(context, response, effects, pace, request, log);
            await writer.WriteAsync();
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left, or the listener was stopped under it: nobody is there to be told.
        }
        finally
        {
            request.End();
            log.Changed();
        }
    }
}
