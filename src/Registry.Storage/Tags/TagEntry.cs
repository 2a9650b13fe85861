using Registry.Storage.Content;

namespace Registry.Storage.Tags;

/// <summary>What a tag means, and since when that is certain.</summary>
/// <param name="Digest">The manifest.</param>
/// <param name="Confirmed">When it was pushed, or when the upstream last said so.</param>
public readonly record struct TagEntry(Digest Digest, DateTimeOffset Confirmed);
