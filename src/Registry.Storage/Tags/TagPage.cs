namespace Registry.Storage.Tags;

/// <summary>A part of a repository's tags. Immutable.</summary>
/// <param name="Tags">The tags, in bytewise order.</param>
/// <param name="HasMore">Whether there are further ones.</param>
public sealed record TagPage(IReadOnlyList<string> Tags, bool HasMore);
