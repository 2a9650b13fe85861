using System.Buffers;
using System.Text;

namespace Registry.Storage.Content;

/// <summary>The media types of manifests that registries hand out, as OCI's image specification and Docker's registry documentation name them.</summary>
public static class MediaType
{
    /// <summary>OCI image manifest.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>OCI image index.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>Docker image manifest, version 2, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker image manifest, schema 1, signed.</summary>
    public const string DockerSchema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>Docker image manifest, schema 1.</summary>
    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";

    /// <summary>Bytes of no stated kind: every blob.</summary>
    public const string OctetStream = "application/octet-stream";

    /// <summary>All manifest types, in the order in which a registry is asked for them.</summary>
    public static IReadOnlyList<string> Manifests { get; } =
        [OciIndex, OciManifest, DockerManifestList, DockerManifest, DockerSchema1Signed, DockerSchema1];

    /// <summary>Longest media type, in characters: RFC 6838 allows 127 for each half.</summary>
    public const int MaxLength = 255;

    // RFC 6838, 4.2: restricted-name-chars.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+");

    /// <summary>Whether a text is a bare media type, <c>type/subtype</c>, and therefore safe as a header's value.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return text.Length <= MaxLength && slash > 0 && slash < text.Length - 1
            && !text[..slash].ContainsAnyExcept(NameCharacters) && !text[(slash + 1)..].ContainsAnyExcept(NameCharacters);
    }

    /// <summary>As <see cref="IsWellFormed(ReadOnlySpan{char})"/>, of UTF-8.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[MaxLength];
        return utf8.Length <= MaxLength && Ascii.ToUtf16(utf8, text, out var length) == OperationStatus.Done && IsWellFormed(text[..length]);
    }
}
