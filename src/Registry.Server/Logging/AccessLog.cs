using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Registry.Server.Access;
using Registry.Server.Requests;

namespace Registry.Server.Logging;

/// <summary>One line a request in Apache's combined form. Thread-safe.</summary>
public sealed class AccessLog(LogSink sink, TimeProvider time)
{
    /// <summary>What nginx writes for a client that left before its answer was complete.</summary>
    private const int ClientClosedRequest = 499;

    // Longer than any header that is let in.
    private const int MaxField = 4096;

    internal void Write(HttpContext context, RequestRecord record, MirrorKeys keys)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (record.HidesQuery && target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query)
        {
            target = target[..query];
        }

        var status = record.IsBroken ? ClientClosedRequest : context.Response.StatusCode;
        var line = new StringBuilder(256);
        line.Append(record.Origin.Address?.ToString() ?? "-").Append(" - ");
        AppendUser(line, record).Append(" [");
        line.Append(time.GetUtcNow().ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture)).Append("] \"");
        Escape(line, request.Method).Append(' ');
        Escape(line, keys.Hide(target)).Append(' ').Append(request.Protocol).Append("\" ");
        line.Append(status).Append(' ').Append(record.BytesSent).Append(" \"");
        Escape(line, keys.Hide(request.Headers.Referer.ToString())).Append("\" \"");
        Escape(line, keys.Hide(request.Headers.UserAgent.ToString())).Append("\"\n");
        sink.Write(Encoding.UTF8.GetBytes(line.ToString()));
    }

    // A space parts the fields, so none may stand in this one.
    private static StringBuilder AppendUser(StringBuilder line, RequestRecord record) =>
        record.User is { } user ? Escape(line, user.Replace(' ', '_'))
        : record.MirrorKey is { } key ? Escape(line, $"key:{key.Name.Replace(' ', '_')}")
        : line.Append('-');

    // As Apache does: nothing that a client sends can end the line or its own field.
    private static StringBuilder Escape(StringBuilder line, string value)
    {
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, MaxField)))
        {
            if (c is '"' or '\\')
            {
                line.Append('\\').Append(c);
            }
            else if (char.IsControl(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            }
            else
            {
                line.Append(c);
            }
        }

        return line;
    }
}
