namespace Registry.Storage.Manifests;

/// <summary>What a piece of content is to the manifest that names it.</summary>
public enum ManifestPartKind : byte
{
    /// <summary>The config of an image.</summary>
    Config,

    /// <summary>A layer of an image.</summary>
    Layer,

    /// <summary>A manifest of an index.</summary>
    Manifest,
}
