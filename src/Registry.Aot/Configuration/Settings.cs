using Registry.Aot.Configuration.Tree;
using Registry.Mirror;
using Registry.Server;
using Registry.Server.Logging;
using Registry.Storage;

namespace Registry.Aot.Configuration;

/// <summary>A configuration that was found to be right. Immutable.</summary>
internal sealed record Settings
{
    /// <summary>The file it came from, as the user gave it; null: the built-in defaults. The environment may have changed either.</summary>
    public required string? File { get; init; }

    /// <summary>What stood in the file; null: there is none. Secrets stand in it.</summary>
    public required string? Text { get; init; }

    /// <summary>How content is kept.</summary>
    public required StorageOptions Storage { get; init; }

    /// <summary>What is mirrored.</summary>
    public required MirrorOptions Mirror { get; init; }

    /// <summary>How the server listens and answers.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>What may be written through the API.</summary>
    public required WriteOptions Writes { get; init; }

    /// <summary>How the application log is written.</summary>
    public required LogOptions Log { get; init; }

    /// <summary>What it was made from: the file with what the environment overrides. Secrets stand in it.</summary>
    public required Node Effective { get; init; }

    /// <summary>What the user should hear of at the start. No secret stands in it.</summary>
    public required IReadOnlyList<Diagnostic> Warnings { get; init; }
}
