using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Registry.Storage.Manifests;

namespace Registry.Storage.Referrers;

/// <summary>A manifest that refers to another one, as a referrers list shows it (OCI distribution specification, "Listing Referrers"). Immutable.</summary>
/// <param name="ArtifactType">What it is filtered by; null when it has none.</param>
/// <param name="Descriptor">Its descriptor: one JSON object in UTF-8.</param>
public sealed record Referrer(string? ArtifactType, ReadOnlyMemory<byte> Descriptor)
{
    // A media type's plus sign stays one: this is JSON alone, never a part of a page.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry of a manifest, with the annotations that stand in its JSON.</summary>
    internal static Referrer Of(StoredManifest stored, Manifest manifest)
    {
        var artifactType = manifest.ArtifactType ?? (manifest.IsIndex ? null : manifest.ConfigMediaType);
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        json.WriteString("mediaType"u8, stored.MediaType);
        json.WriteString("digest"u8, stored.Digest.ToString());
        json.WriteNumber("size"u8, stored.Content.Length);
        if (artifactType is not null)
        {
            json.WriteString("artifactType"u8, artifactType);
        }

        using var document = JsonDocument.Parse(stored.Content);
        if (document.RootElement.TryGetProperty("annotations"u8, out var annotations) && annotations.ValueKind == JsonValueKind.Object)
        {
            // As they stand: what is no Unicode text in them cannot be written anew.
            json.WritePropertyName("annotations"u8);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(annotations), skipInputValidation: true);
        }

        json.WriteEndObject();
        json.Flush();
        return new Referrer(artifactType, buffer.WrittenMemory);
    }

    /// <summary>The entry that somebody else's list has, cut down to one JSON object.</summary>
    public static Referrer Of(JsonElement descriptor) => new(
        descriptor.TryGetProperty("artifactType"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null,
        System.Text.Encoding.UTF8.GetBytes(descriptor.GetRawText()));

    /// <summary>Reads an entry back; null when it is damaged.</summary>
    internal static Referrer? Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var type = document.RootElement.TryGetProperty("artifactType"u8, out var value) ? value.GetString() : null;
            return new Referrer(type, json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
