using System.Runtime.InteropServices;
using Registry.Testing;
using Registry.Testing.Images;

namespace Registry.EndToEnd;

/// <summary>An index as Docker Hub has them: one image for this machine, which clients pull, and one for another, which nobody wants.</summary>
internal sealed record NativeImage(Image Native, Image Foreign)
{
    /// <summary>This machine's architecture as Go names it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Puts one into the upstream as <c>library/alpine:1</c>.</summary>
    public static NativeImage AddTo(ScriptedUpstream upstream)
    {
        const string Repository = "library/alpine";
        var native = upstream.Content.AddImage(Repository, null, [3_000_000, 50_000], architecture: Architecture);
        var foreign = upstream.Content.AddImage(Repository, null, [40_000], architecture: "s390x");
        upstream.Content.AddIndex(Repository, "1", [foreign, native]);
        return new NativeImage(native, foreign);
    }
}
