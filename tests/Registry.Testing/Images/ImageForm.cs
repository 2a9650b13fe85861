namespace Registry.Testing.Images;

/// <summary>The family of media types that an image is described in.</summary>
public enum ImageForm
{
    /// <summary>OCI image manifest and index.</summary>
    Oci,

    /// <summary>Docker manifest, version 2, schema 2, and manifest list.</summary>
    Docker,
}
