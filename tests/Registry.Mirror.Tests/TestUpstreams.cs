using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Mirror.Upstreams;
using Registry.Storage.Content;

namespace Registry.Mirror.Tests;

/// <summary>Upstreams and requests as the tests want them.</summary>
internal static class TestUpstreams
{
    public static readonly RepositoryName Repository = RepositoryName.Parse("library/nginx");

    public static readonly UpstreamRequest Manifest = new(HttpMethod.Get, Repository, "manifests/latest") { Accept = MediaType.Manifests };

    public static UpstreamOptions OptionsFor(Uri url, UpstreamCredential? credential = null) =>
        new() { Name = "docker.io", Endpoints = [new EndpointOptions(url) { Credential = credential }] };

    public static Upstream Create(UpstreamOptions options, TimeProvider? time = null, ILogger? logger = null) =>
        new(options, time ?? TimeProvider.System, logger ?? NullLogger.Instance);

    /// <summary>An upstream whose hosts have the addresses given, while every connection goes to the same port of 127.0.0.1.</summary>
    public static Upstream CreateOn(UpstreamOptions options, Func<string, IPAddress[]> resolve, ILogger? logger = null) =>
        new(options, TimeProvider.System, logger ?? NullLogger.Instance, new Network(
            (host, _) => Task.FromResult(resolve(host)),
            (to, cancellation) => Network.Machine.Connect(new IPEndPoint(IPAddress.Loopback, to.Port), cancellation)));

    public static Task<UpstreamReply> AskAsync(this Upstream upstream, UpstreamRequest? request = null) =>
        upstream.Endpoints[0].SendAsync(request ?? Manifest, TestContext.Current.CancellationToken);

    public static async Task<string> ReadAsync(this UpstreamReply reply)
    {
        using var reader = new StreamReader(await reply.OpenBodyAsync(TestContext.Current.CancellationToken));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
