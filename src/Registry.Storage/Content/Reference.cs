namespace Registry.Storage.Content;

/// <summary>What a client names a manifest by: a tag, or a digest. Immutable. Exactly one of the two is set, save in <c>default</c>.</summary>
public readonly record struct Reference
{
    /// <summary>A reference by tag.</summary>
    public Reference(Tag tag) => Tag = tag;

    /// <summary>A reference by digest.</summary>
    public Reference(Digest digest) => Digest = digest;

    /// <summary>The tag, or null when the reference is a digest.</summary>
    public Tag? Tag { get; }

    /// <summary>The digest, meaningful only when <see cref="Tag"/> is null.</summary>
    public Digest Digest { get; }

    /// <summary>The reference as it stands in a URL.</summary>
    public override string ToString() => Tag?.Value ?? Digest.ToString();
}
