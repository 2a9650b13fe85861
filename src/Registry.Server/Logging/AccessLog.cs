using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Registry.Server.Access;
using Registry.Server.Requests;

namespace Registry.Server.Logging;

/// <summary>One line a request in Apache's combined form. Thread-safe; allocates nothing for a request of the usual kind.</summary>
public sealed class AccessLog(LogSink sink, TimeProvider time)
{
    /// <summary>What nginx writes for a client that left before its answer was complete.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Largest buffer, in bytes, that a thread keeps for its next line.</summary>
    private const int MostKept = 16 << 10;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    internal void Write(HttpContext context, RequestRecord record, MirrorKeys keys)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (record.HidesQuery && target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query)
        {
            target = target[..query];
        }

        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var line = new AccessLine(buffer);
        if (record.Origin.Address is { } address)
        {
            line.Write(address);
        }
        else
        {
            line.Write("-"u8);
        }

        line.Write(" - "u8);
        WriteUser(line, record);
        line.Write(" ["u8);
        line.Write(time.GetUtcNow());
        line.Write("] \""u8);
        line.WriteField(request.Method);
        line.Write(" "u8);
        line.WriteField(keys.Hide(target));
        line.Write(" "u8);
        line.WriteField(request.Protocol);
        line.Write("\" "u8);
        line.Write(record.IsBroken ? ClientClosedRequest : context.Response.StatusCode);
        line.Write(" "u8);
        line.Write(record.BytesSent);
        line.Write(" \""u8);
        line.WriteField(keys.Hide(request.Headers.Referer.ToString()));
        line.Write("\" \""u8);
        line.WriteField(keys.Hide(request.Headers.UserAgent.ToString()));
        line.Write("\"\n"u8);
        sink.Write(buffer.WrittenSpan);
        if (buffer.Capacity > MostKept)
        {
            _buffer = null;
        }
    }

    // A space parts the fields, so none may stand in this one.
    private static void WriteUser(AccessLine line, RequestRecord record)
    {
        if (record.User is { } user)
        {
            line.WriteField(user.Replace(' ', '_'));
        }
        else if (record.MirrorKey is { } key)
        {
            line.Write("key:"u8);
            line.WriteField(key.Name.Replace(' ', '_'));
        }
        else
        {
            line.Write("-"u8);
        }
    }
}
