using System.Collections.Immutable;
using Registry.Storage.Manifests;

namespace Registry.Server;

/// <summary>What of that which a manifest names must be here when it is pushed (<c>validation</c>). Immutable.</summary>
public sealed record ValidationOptions
{
    /// <summary>Whether nothing must.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Only of these platforms must an index's manifests be here; null: all of them must (<c>validation.manifests.indexes</c>).</summary>
    public ImmutableArray<Platform>? IndexPlatforms { get; init; }
}
