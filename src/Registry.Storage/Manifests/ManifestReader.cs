using System.Text.Json;
using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>Reads manifests of every kind without trusting any of it. Thread-safe.</summary>
public static class ManifestReader
{
    /// <summary>Largest manifest that is stored, in bytes: what the OCI distribution specification asks registries to take, and more than clients accept.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads a manifest; null when it is not one JSON object.</summary>
    public static Manifest? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            var manifest = ReadObject(ref reader);
            return reader.Read() ? null : manifest;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is not valid UTF-16 when unescaped.
            return null;
        }
    }

    private static Manifest ReadObject(ref Utf8JsonReader reader)
    {
        var manifest = new Manifest();
        var blobs = new List<Descriptor>();
        var manifests = new List<Descriptor>();
        var isMalformed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                manifest = manifest with { StatedMediaType = ReadMediaType(ref reader) };
            }
            else if (reader.ValueTextEquals("schemaVersion"u8))
            {
                reader.Read();
                manifest = manifest with { SchemaVersion = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) ? version : null };
                reader.Skip();
            }
            else if (reader.ValueTextEquals("artifactType"u8))
            {
                manifest = manifest with { ArtifactType = ReadMediaType(ref reader) };
            }
            else if (reader.ValueTextEquals("config"u8))
            {
                reader.Read();
                var config = ReadDescriptor(ref reader, ref isMalformed);
                manifest = manifest with { Config = config };
                blobs.AddRange(config is { } found ? [found] : []);
            }
            else if (reader.ValueTextEquals("subject"u8))
            {
                reader.Read();
                manifest = manifest with { Subject = ReadDescriptor(ref reader, ref isMalformed) };
            }
            else if (reader.ValueTextEquals("layers"u8))
            {
                ReadDescriptors(ref reader, blobs, ref isMalformed);
            }
            else if (reader.ValueTextEquals("manifests"u8))
            {
                manifest = manifest with { IsIndex = true };
                ReadDescriptors(ref reader, manifests, ref isMalformed);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return manifest with { Blobs = blobs, Manifests = manifests, IsMalformed = isMalformed };
    }

    private static void ReadDescriptors(ref Utf8JsonReader reader, List<Descriptor> contents, ref bool isMalformed)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            isMalformed |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadDescriptor(ref reader, ref isMalformed) is { } descriptor)
            {
                contents.Add(descriptor);
            }
        }
    }

    private static Descriptor? ReadDescriptor(ref Utf8JsonReader reader, ref bool isMalformed)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            isMalformed |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
            return null;
        }

        string? mediaType = null;
        string? digest = null;
        long? size = null;
        var hasUrls = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                mediaType = ReadMediaType(ref reader);
            }
            else if (reader.ValueTextEquals("digest"u8))
            {
                digest = ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("size"u8))
            {
                reader.Read();
                size = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
                reader.Skip();
            }
            else
            {
                var isUrls = reader.ValueTextEquals("urls"u8);
                reader.Read();
                hasUrls |= isUrls && reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
            }
        }

        if (size >= 0 && Digest.TryParse(digest, out var parsed))
        {
            return new Descriptor(mediaType ?? "", parsed, size.Value) { HasUrls = hasUrls };
        }

        isMalformed = true;
        return null;
    }

    // What is no media type is taken for none: it could not stand in a header.
    private static string? ReadMediaType(ref Utf8JsonReader reader) =>
        ReadString(ref reader) is { } stated && MediaType.IsWellFormed(stated) ? stated : null;

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }
}
