using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Registry.Server.Access;
using Registry.Server.Logging;
using Registry.Server.Requests;

namespace Registry.Bench.Logging;

/// <summary>The line that every request writes.</summary>
public class AccessLogBenchmarks
{
    private readonly AccessLog _log = new(new LogSink(Stream.Null), TimeProvider.System);
    private readonly MirrorKeys _keys = new([]);
    private readonly RequestRecord _record = new() { Origin = new ClientOrigin(IPAddress.Parse("203.0.113.7"), "https", null), BytesSent = 1711, User = "me" };
    private readonly DefaultHttpContext _context = new();

    [GlobalSetup]
    public void Setup()
    {
        _context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/v2/library/nginx/manifests/latest?ns=docker.io";
        _context.Request.Method = "GET";
        _context.Request.Protocol = "HTTP/1.1";
        _context.Request.Headers.UserAgent = "containerd/2.0.0 \"quoted\"";
    }

    [Benchmark]
    public void Write() => _log.Write(_context, _record, _keys);
}
