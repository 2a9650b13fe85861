using System.Globalization;
using Registry.Testing.Images;
using Registry.Testing.Requests;
using Registry.Testing.Serving;

namespace Registry.Testing.Faults;

/// <summary>
/// The requests that a fault shall strike, and the verbs that say what happens to them. Immutable; each verb puts one <see cref="Fault"/> in force.
/// </summary>
public sealed class RequestMatch
{
    private readonly FaultScript _script;
    private readonly Func<UpstreamRequest, bool> _condition;
    private readonly int _first;
    private readonly int _last;

    internal RequestMatch(FaultScript script, Func<UpstreamRequest, bool> condition, int first = 1, int last = int.MaxValue)
    {
        _script = script;
        _condition = condition;
        _first = first;
        _last = last;
    }

    /// <summary>Only requests with that method.</summary>
    public RequestMatch Method(string method) => new(_script, r => r.Method == method && _condition(r), _first, _last);

    /// <summary>Only the n-th of these requests, counted from 1.</summary>
    public RequestMatch Nth(int n) => new(_script, _condition, n, n);

    /// <summary>Only the first of these requests, so many.</summary>
    public RequestMatch First(int count = 1) => new(_script, _condition, 1, count);

    /// <summary>Answers that status with OCI's JSON error and, if given, Retry-After.</summary>
    public Fault Answer(int status, TimeSpan? retryAfter = null)
    {
        var response = UpstreamResponse.Error(status, "UNKNOWN", "scripted failure");
        if (retryAfter is { } wait)
        {
            response.Headers["Retry-After"] = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Add(effects => effects.Answer = response);
    }

    /// <summary>Answers with that body, whatever was asked for.</summary>
    public Fault Answer(int status, BlobContent body, string contentType) =>
        Add(effects => effects.Answer = UpstreamResponse.Of(status, body, contentType));

    /// <summary>Answers with a web page, as captive portals and failing load balancers do.</summary>
    public Fault AnswerHtml(int status = 200) => Answer(status, new MemoryContent("<html><body>Sign in to the network</body></html>"), "text/html");

    /// <summary>Redirects to that address, absolute or relative.</summary>
    public Fault RedirectTo(string location) => Add(effects => effects.Answer = UpstreamResponse.Redirect(location));

    /// <summary>Answers nothing until the gate is released.</summary>
    public Gate HoldHeaders()
    {
        var gate = new Gate();
        Add(effects => effects.BeforeHeaders = gate);
        return gate;
    }

    /// <summary>Sends so many bytes of the body and no more until the gate is released.</summary>
    public Gate StallAfter(long bytes)
    {
        var gate = new Gate();
        Add(effects => (effects.InBody, effects.StallAfter) = (gate, bytes));
        return gate;
    }

    /// <summary>Resets the connection after so many bytes of the body.</summary>
    public Fault ResetAfter(long bytes) => Add(effects => (effects.Cut, effects.CutAfter) = (Cut.Reset, bytes));

    /// <summary>Closes the connection after so many bytes of the body.</summary>
    public Fault CloseAfter(long bytes) => Add(effects => (effects.Cut, effects.CutAfter) = (Cut.Close, bytes));

    /// <summary>Announces another Content-Length. A smaller one cuts the body there, a larger one ends in a closed connection.</summary>
    public Fault ClaimLength(long bytes) => Add(effects => effects.ClaimedLength = bytes);

    /// <summary>Flips the bits of the byte at that offset of the content, in whichever answer carries it.</summary>
    public Fault Corrupt(long offset) => Add(effects => effects.CorruptAt.Add(offset));

    /// <summary>Answers 200 and the whole to a request for a range.</summary>
    public Fault IgnoreRange() => Add(effects => effects.IgnoreRange = true);

    /// <summary>Sends the header with another value, or with null not at all: Content-Range, ETag, Docker-Content-Digest, Content-Type.</summary>
    public Fault ClaimHeader(string name, string? value) => Add(effects => effects.Headers[name] = value);

    /// <summary>Compresses the body, asked or not. For bodies up to 64 MiB.</summary>
    public Fault Gzip() => Add(effects => effects.Gzip = true);

    private Fault Add(Action<FaultEffects> effect)
    {
        var fault = new Fault(_condition, _first, _last, effect);
        _script.Add(fault);
        return fault;
    }
}
