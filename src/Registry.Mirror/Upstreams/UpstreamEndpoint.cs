using System.Net;
using System.Net.Http.Headers;
using Registry.Mirror.Credentials;

namespace Registry.Mirror.Upstreams;

/// <summary>One URL of an upstream. Thread-safe.</summary>
public sealed class UpstreamEndpoint
{
    private readonly Uri _url;
    private readonly UpstreamTransport _transport;
    private readonly Authenticator _authenticator;
    private readonly Failures _failures;
    private readonly CircuitBreaker _breaker;
    private readonly Bandwidth? _bandwidth;
    private readonly Action<HttpResponseHeaders> _observe;

    internal UpstreamEndpoint(
        Uri url,
        UpstreamTransport transport,
        Authenticator authenticator,
        Failures failures,
        CircuitBreaker breaker,
        Bandwidth? bandwidth,
        Action<HttpResponseHeaders> observe)
    {
        _breaker = breaker;
        _bandwidth = bandwidth;
        _url = url;
        _transport = transport;
        _authenticator = authenticator;
        _failures = failures;
        _observe = observe;
    }

    /// <summary>Host, and the port if it is not the scheme's own; for logs and errors.</summary>
    public string Host => _url.Authority;

    /// <summary>
    /// Sends one request, getting tokens and following redirects, and returns when the final headers are there; the body is not read. What the other side does
    /// wrong is a failure in the reply, which the caller owns.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<UpstreamReply> SendAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        if (request.Shortcut is { } shortcut)
        {
            return Judge(await AskAsync(request, shortcut, null, cancellation));
        }

        if (!_breaker.TryPass(out var remaining))
        {
            return new UpstreamReply(_failures.LeftAlone(_url, remaining), _url);
        }

        var reply = await SendToRegistryAsync(request, cancellation);
        _breaker.Record(reply.Failure);
        return reply;
    }

    private async Task<UpstreamReply> SendToRegistryAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        var url = new Uri($"{_url.AbsoluteUri.TrimEnd('/')}/v2/{request.Repository}/{request.Path}");
        var grant = await _authenticator.PrepareAsync(request.Repository, cancellation);
        if (grant.Failure is { } unprepared)
        {
            return new UpstreamReply(unprepared, _url);
        }

        var answer = await AskAsync(request, url, grant.Header, cancellation);
        if (answer.Response is { StatusCode: HttpStatusCode.Unauthorized } refused && RedirectPolicy.IsSameOrigin(answer.From, _url))
        {
            grant = await _authenticator.AnswerAsync(refused, request.Repository, grant, cancellation);
            if (grant.Failure is { } unauthorized)
            {
                refused.Dispose();
                return new UpstreamReply(unauthorized, answer.From);
            }

            refused.Dispose();
            answer = await AskAsync(request, url, grant.Header, cancellation);
        }

        return Judge(answer);
    }

    private Task<Answer> AskAsync(UpstreamRequest request, Uri url, AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        var question = new Question(request.Method, url)
        {
            Authorization = authorization,
            Accept = request.Accept,
            Range = request.RangeStart is { } start ? new RangeHeaderValue(start, request.RangeEnd) : null,
            IfNoneMatch = request.IfNoneMatch,
        };
        return _transport.SendAsync(question, cancellation);
    }

    private UpstreamReply Judge(Answer answer)
    {
        if (answer.Response is not { } response)
        {
            return new UpstreamReply(answer.Failure!, answer.From);
        }

        if (RedirectPolicy.IsSameOrigin(answer.From, _url))
        {
            _observe(response.Headers);
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.NotModified))
        {
            var failure = _failures.Answered(answer.From, response);
            response.Dispose();
            return new UpstreamReply(failure, answer.From);
        }

        if (response.Content.Headers.ContentEncoding.Any(static encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            response.Dispose();
            return new UpstreamReply(_failures.Invalid($"{answer.From.Authority} sent an encoded body though none was allowed"), answer.From);
        }

        return new UpstreamReply(response, answer.From, !RedirectPolicy.IsSameOrigin(answer.From, _url), _bandwidth);
    }
}
