using Registry.Mirror.Upstreams;
using Registry.Storage.Manifests;

namespace Registry.Mirror.Manifests;

/// <summary>The answer to a pull of a manifest. Immutable; either a manifest, or a failure, or neither: then a local repository does not have it.</summary>
public sealed record ManifestAnswer
{
    /// <summary>The manifest.</summary>
    public StoredManifest? Manifest { get; init; }

    /// <summary>How it came about.</summary>
    public CacheStatus Status { get; init; }

    /// <summary>For how long what the tag means has not been confirmed; zero for an answer by digest.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Why the upstream gave none.</summary>
    public UpstreamFailure? Failure { get; init; }
}
