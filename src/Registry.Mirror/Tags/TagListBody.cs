using System.Text.Json.Serialization;

namespace Registry.Mirror.Tags;

/// <summary>The body of a tags list, as far as it is read from upstreams.</summary>
/// <param name="Tags">The tags; some registries send null for none.</param>
internal sealed record TagListBody([property: JsonPropertyName("tags")] IReadOnlyList<string?>? Tags);
