using Registry.Storage.Content;

namespace Registry.Testing.Images;

/// <summary>The JSON documents of an image, as a builder would have written them.</summary>
internal static class ManifestText
{
    public static string Config(string architecture, IEnumerable<Digest> layers) =>
        $$$"""
        {"architecture":"{{{architecture}}}","os":"linux","config":{"Cmd":["/bin/true"]},"rootfs":{"type":"layers","diff_ids":[{{{
            string.Join(',', layers.Select(d => $"\"{d}\""))}}}]}}
        """;

    public static string Manifest(ImageForm form, Descriptor config, IEnumerable<Descriptor> layers) =>
        $$"""
        {"schemaVersion":2,"mediaType":"{{ManifestType(form)}}","config":{{Text(config)}},"layers":[{{
            string.Join(',', layers.Select(Text))}}]}
        """;

    public static string Index(ImageForm form, IEnumerable<Image> images) =>
        $$"""
        {"schemaVersion":2,"mediaType":"{{IndexType(form)}}","manifests":[{{
            string.Join(',', images.Select(Text))}}]}
        """;

    public static string ManifestType(ImageForm form) => form == ImageForm.Oci ? MediaType.OciManifest : MediaType.DockerManifest;

    public static string IndexType(ImageForm form) => form == ImageForm.Oci ? MediaType.OciIndex : MediaType.DockerManifestList;

    public static string ConfigType(ImageForm form) =>
        form == ImageForm.Oci ? "application/vnd.oci.image.config.v1+json" : "application/vnd.docker.container.image.v1+json";

    public static string LayerType(ImageForm form) =>
        form == ImageForm.Oci ? "application/vnd.oci.image.layer.v1.tar" : "application/vnd.docker.image.rootfs.diff.tar";

    private static string Text(Descriptor d) =>
        $$"""{"mediaType":"{{d.MediaType}}","digest":"{{d.Digest}}","size":{{d.Size}}}""";

    private static string Text(Image image) =>
        $$$"""
        {"mediaType":"{{{image.Manifest.MediaType}}}","digest":"{{{image.Manifest.Digest}}}","size":{{{image.Manifest.Size}}},"platform":{"architecture":"{{{image.Architecture}}}","os":"linux"}}
        """;
}
