namespace Registry.EndToEnd.Servers;

/// <summary>Configuration files as a user would write them.</summary>
internal static class RegistryConfiguration
{
    /// <summary>A mirror of one upstream, named docker.io.</summary>
    public static string Mirror(string rootDirectory, int port, Uri upstream, string freshness = "60s") =>
        $$"""
        version: 0.1
        storage:
          filesystem: {rootdirectory: {{rootDirectory}}}
        http:
          addr: 127.0.0.1:{{port}}
          draintimeout: 60s
        mirror:
          default: docker.io
          upstreams:
            - name: docker.io
              endpoints: ['{{upstream.GetLeftPart(UriPartial.Authority)}}']
              freshness: {{freshness}}
        """;

    /// <summary>A mirror of one upstream, named docker.io, with several endpoints and keys of <c>mirror.fetch</c> and of the upstream as YAML flows.</summary>
    public static string Fetching(string rootDirectory, int port, IEnumerable<Uri> endpoints, string fetch, string upstream) =>
        $$"""
        version: 0.1
        log: {level: debug}
        storage:
          filesystem: {rootdirectory: {{rootDirectory}}}
        http:
          addr: 127.0.0.1:{{port}}
        mirror:
          default: docker.io
          fetch: { {{fetch}} }
          upstreams:
            - {name: docker.io, endpoints: [{{string.Join(", ", endpoints.Select(url => $"'{url.GetLeftPart(UriPartial.Authority)}'"))}}], {{upstream}} }
        """;

    /// <summary>A plain private registry, nothing asked anywhere.</summary>
    public static string Private(string rootDirectory, int port) =>
        $$"""
        version: 0.1
        storage:
          filesystem: {rootdirectory: {{rootDirectory}}}
        http:
          addr: 127.0.0.1:{{port}}
        """;

    /// <summary>A private registry from which can be deleted.</summary>
    public static string Deleting(string rootDirectory, int port) =>
        $$"""
        version: 0.1
        storage:
          filesystem: {rootdirectory: {{rootDirectory}}}
          delete: {enabled: true}
        http:
          addr: 127.0.0.1:{{port}}
        """;

    /// <summary>A private registry behind TLS.</summary>
    public static string Tls(string rootDirectory, int port, string certificate, string key) =>
        $$"""
        {{Private(rootDirectory, port)}}
          tls:
            certificate: {{certificate}}
            key: {{key}}
        """;
}
