using Registry.Aot.Configuration.Tree;
using Registry.Mirror.Upstreams;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds one upstream.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class UpstreamBinder(Diagnostics found)
{
    /// <summary>The name of Docker Hub's upstream.</summary>
    public const string DockerHub = "docker.io";

    private static readonly Uri DockerHubEndpoint = new("https://registry-1.docker.io");

    private readonly CredentialBinder _credentials = new(found);

    /// <summary>Where an upstream answers if nothing else is said.</summary>
    public static EndpointOptions DefaultEndpoint(string name) => new(name == DockerHub ? DockerHubEndpoint : new Uri($"https://{name}"));

    /// <summary>Binds an item of <c>mirror.upstreams</c>; null: it has no right name.</summary>
    public UpstreamOptions? Bind(SectionReader section)
    {
        if (section.Entry("name") is null)
        {
            found.Error(section.Origin, "mirror.upstreams: an upstream has no name; expected a host such as docker.io");
        }

        var name = section.Text("name")?.ToLowerInvariant();
        var credential = _credentials.Bind(section);
        var endpoints = BindEndpoints(section, name, credential);
        if (name is null)
        {
            return null;
        }

        var defaults = new UpstreamOptions { Name = name, Endpoints = endpoints };
        return defaults with
        {
            Freshness = section.Duration("freshness") ?? defaults.Freshness,
            StaleFor = section.Duration("stalefor") ?? defaults.StaleFor,
            Ttl = section.Duration("ttl") ?? defaults.Ttl,
            Proxy = section.Url("proxy"),
            CertificateAuthority = BindCertificateAuthority(section),
            Bandwidth = section.Size("bandwidth") ?? defaults.Bandwidth,
            Realms = [.. section.Texts("realms").Select(realm => realm.ToLowerInvariant())],
        };
    }

    /// <summary>Binds <c>proxy</c>; null: it has no right URL.</summary>
    /// <param name="proxy">The section.</param>
    /// <param name="origin">Where its key stands.</param>
    public UpstreamOptions? BindProxy(SectionReader proxy, Origin origin)
    {
        if (proxy.Entry("remoteurl") is null)
        {
            found.Error(origin, "proxy.remoteurl is missing; expected a URL such as https://registry-1.docker.io");
        }

        var credential = _credentials.BindProxy(proxy);
        if (proxy.Url("remoteurl") is not { } url)
        {
            return null;
        }

        var name = url.Authority.ToLowerInvariant();
        var defaults = new UpstreamOptions
        {
            Name = name is "registry-1.docker.io" or "index.docker.io" ? DockerHub : name,
            Endpoints = [new EndpointOptions(name is "index.docker.io" or DockerHub ? DockerHubEndpoint : url) { Credential = credential }],
        };
        return defaults with { Ttl = proxy.Duration("ttl") ?? defaults.Ttl };
    }

    private List<EndpointOptions> BindEndpoints(SectionReader section, string? name, UpstreamCredential? credential)
    {
        var endpoints = new List<EndpointOptions>();
        foreach (var endpoint in section.Sections("endpoints"))
        {
            if (endpoint.Entry("url") is null)
            {
                found.Error(endpoint.Origin, "mirror.upstreams.endpoints: an endpoint has no url; expected a URL such as https://host");
            }

            var own = _credentials.Bind(endpoint);
            if (endpoint.Url("url") is not { } url)
            {
                continue;
            }

            if (endpoints.Count == 0 && own is not null && credential is not null)
            {
                found.Error(
                    endpoint.Entry("username")!.Origin,
                    $"the first endpoint has a username, and so has its upstream at {section.Entry("username")!.Origin}; expected one of them");
            }

            endpoints.Add(new EndpointOptions(url) { Credential = own ?? (endpoints.Count == 0 ? credential : null) });
        }

        return endpoints.Count > 0 || name is null ? endpoints : [DefaultEndpoint(name) with { Credential = credential }];
    }

    private string? BindCertificateAuthority(SectionReader section)
    {
        var path = section.Text("ca");
        if (path is not null && !File.Exists(path))
        {
            found.Error(section.Entry("ca")!.Value.Origin, $"ca: there is no file '{path}'; expected a PEM file of authorities");
        }

        return path;
    }
}
