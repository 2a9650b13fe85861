using System.Text.Json.Serialization;

namespace Registry.Mirror.Tags;

/// <summary>Reads tags lists.</summary>
[JsonSerializable(typeof(TagListBody))]
internal sealed partial class TagListJson : JsonSerializerContext;
