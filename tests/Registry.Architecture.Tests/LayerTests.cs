using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Registry.Architecture.Tests;

/// <summary>The arrows between the layers point down, in what the compiler wrote into the assemblies.</summary>
public sealed class LayerTests
{
    // From the top down; an assembly may refer to those after it.
    private static readonly string[] Layers = ["registry", "Registry.Server", "Registry.Mirror", "Registry.Storage"];

    [Theory]
    [InlineData("registry")]
    [InlineData("Registry.Server")]
    [InlineData("Registry.Mirror")]
    [InlineData("Registry.Storage")]
    public void References_OfALayer_PointDown(string layer)
    {
        var above = Layers[..(Array.IndexOf(Layers, layer) + 1)];
        Assert.Empty(ReferencesOf(layer).Intersect(above, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Registry.Mirror")]
    [InlineData("Registry.Storage")]
    public void References_BelowTheServer_HaveNoWebFramework(string layer) =>
        Assert.DoesNotContain(ReferencesOf(layer), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void References_OfOurOwn_AreLayersOnly() =>
        Assert.All(Layers, layer => Assert.Empty(ReferencesOf(layer).Where(name => name.StartsWith("Registry.", StringComparison.OrdinalIgnoreCase)).Except(Layers, StringComparer.Ordinal)));

    private static List<string> ReferencesOf(string layer)
    {
        using var file = File.OpenRead(Path.Join(AppContext.BaseDirectory, $"{layer}.dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
