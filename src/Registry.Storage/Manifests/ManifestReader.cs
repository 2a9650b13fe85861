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
        string? mediaType = null;
        var isIndex = false;
        var contents = new List<Descriptor>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                mediaType = ReadString(ref reader) is { } stated && MediaType.IsWellFormed(stated) ? stated : null;
            }
            else if (reader.ValueTextEquals("config"u8))
            {
                reader.Read();
                AddDescriptor(ref reader, contents);
            }
            else if (reader.ValueTextEquals("layers"u8))
            {
                AddDescriptors(ref reader, contents);
            }
            else if (reader.ValueTextEquals("manifests"u8))
            {
                isIndex = true;
                AddDescriptors(ref reader, contents);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Manifest { StatedMediaType = mediaType, IsIndex = isIndex, Contents = contents };
    }

    private static void AddDescriptors(ref Utf8JsonReader reader, List<Descriptor> contents)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            AddDescriptor(ref reader, contents);
        }
    }

    private static void AddDescriptor(ref Utf8JsonReader reader, List<Descriptor> contents)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        string? mediaType = null;
        string? digest = null;
        long? size = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                mediaType = ReadString(ref reader);
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
                reader.Read();
                reader.Skip();
            }
        }

        if (size >= 0 && Digest.TryParse(digest, out var parsed))
        {
            contents.Add(new Descriptor(mediaType ?? "", parsed, size.Value));
        }
    }

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
