using Registry.Storage.Content;

namespace Registry.EndToEnd.Servers;

/// <summary>The JSON of manifests to push.</summary>
internal static class ManifestJson
{
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>An image manifest.</summary>
    public static string Image(Digest config, long configSize, params IEnumerable<(Digest Digest, long Size)> layers) => Image(config, configSize, "", layers);

    /// <summary>An image manifest with further properties, each with a comma before it.</summary>
    public static string Image(Digest config, long configSize, string more, IEnumerable<(Digest Digest, long Size)> layers, string configType = ConfigType) =>
        $$"""
        {"schemaVersion":2,"mediaType":"{{MediaType.OciManifest}}","config":{{Descriptor(configType, config, configSize)}},"layers":[{{string.Join(',', layers.Select(layer => Descriptor(LayerType, layer.Digest, layer.Size)))}}]{{more}}}
        """;

    /// <summary>An index with further properties, each with a comma before it.</summary>
    public static string Index(string more, params IEnumerable<(string MediaType, Digest Digest, long Size)> manifests) =>
        $$"""
        {"schemaVersion":2,"mediaType":"{{MediaType.OciIndex}}","manifests":[{{string.Join(',', manifests.Select(item => Descriptor(item.MediaType, item.Digest, item.Size)))}}]{{more}}}
        """;

    /// <summary>One descriptor with further properties, each with a comma before it.</summary>
    public static string Descriptor(string mediaType, Digest digest, long size, string more = "") =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{digest}}","size":{{size}}{{more}}}""";
}
