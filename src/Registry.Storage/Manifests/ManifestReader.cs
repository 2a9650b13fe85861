using System.Text.Json;
using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>
/// Reads manifests of every kind without trusting any of it, in one pass over the bytes. All that is allocated is the result, and of what grows with the manifest only
/// the array of its parts. Thread-safe.
/// </summary>
public static class ManifestReader
{
    /// <summary>Largest manifest that is stored, in bytes: what the OCI distribution specification asks registries to take, and more than clients accept.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads a manifest; null when it is not one JSON object.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="platforms">Those of which parts are told apart.</param>
    public static Manifest? Read(ReadOnlySpan<byte> json, params ReadOnlySpan<Platform> platforms)
    {
        var parts = default(ManifestPartList);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            var manifest = ReadObject(ref reader, platforms, ref parts);
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
        finally
        {
            parts.Dispose();
        }
    }

    private static Manifest ReadObject(ref Utf8JsonReader reader, scoped ReadOnlySpan<Platform> platforms, ref ManifestPartList parts)
    {
        string? mediaType = null, artifactType = null, configType = null;
        int? schemaVersion = null;
        Digest? subject = null;
        bool isIndex = false, hasConfig = false, hasLayers = false, isMalformed = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                mediaType = JsonText.ReadMediaType(ref reader);
            }
            else if (reader.ValueTextEquals("schemaVersion"u8))
            {
                reader.Read();
                schemaVersion = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) ? version : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("artifactType"u8))
            {
                artifactType = JsonText.ReadMediaType(ref reader);
            }
            else if (reader.ValueTextEquals("config"u8))
            {
                reader.Read();
                configType = MediaTypeOf(reader);
                if (ReadDescriptor(ref reader, ManifestPartKind.Config, [], ref isMalformed) is { } config)
                {
                    hasConfig = true;
                    parts.Add(config);
                }
            }
            else if (reader.ValueTextEquals("subject"u8))
            {
                reader.Read();
                subject = ReadDescriptor(ref reader, ManifestPartKind.Manifest, [], ref isMalformed)?.Digest;
            }
            else if (reader.ValueTextEquals("layers"u8))
            {
                hasLayers |= ReadDescriptors(ref reader, ManifestPartKind.Layer, [], ref parts, ref isMalformed);
            }
            else if (reader.ValueTextEquals("manifests"u8))
            {
                isIndex = true;
                ReadDescriptors(ref reader, ManifestPartKind.Manifest, platforms, ref parts, ref isMalformed);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new Manifest
        {
            StatedMediaType = mediaType,
            ArtifactType = artifactType,
            ConfigMediaType = hasConfig ? configType : null,
            SchemaVersion = schemaVersion,
            Subject = subject,
            IsIndex = isIndex,
            HasConfig = hasConfig,
            HasLayers = hasLayers,
            IsMalformed = isMalformed,
            Contents = parts.ToImmutable(),
        };
    }

    // Whether there were any.
    private static bool ReadDescriptors(
        ref Utf8JsonReader reader, ManifestPartKind kind, scoped ReadOnlySpan<Platform> platforms, ref ManifestPartList parts, ref bool isMalformed)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            isMalformed |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
            return false;
        }

        var before = parts.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadDescriptor(ref reader, kind, platforms, ref isMalformed) is { } part)
            {
                parts.Add(part);
            }
        }

        return parts.Count > before;
    }

    private static ManifestPart? ReadDescriptor(ref Utf8JsonReader reader, ManifestPartKind kind, scoped ReadOnlySpan<Platform> platforms, ref bool isMalformed)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            isMalformed |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
            return null;
        }

        var digest = default(Digest);
        var hasDigest = false;
        long? size = null;
        bool hasUrls = false, isForeign = false, isOfPlatform = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                isForeign = JsonText.ReadIsForeign(ref reader);
            }
            else if (reader.ValueTextEquals("digest"u8))
            {
                hasDigest = JsonText.TryReadDigest(ref reader, out digest);
            }
            else if (reader.ValueTextEquals("size"u8))
            {
                reader.Read();
                size = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("platform"u8))
            {
                isOfPlatform = JsonText.ReadIsAmong(ref reader, platforms);
            }
            else
            {
                var isUrls = reader.ValueTextEquals("urls"u8);
                reader.Read();
                hasUrls |= isUrls && reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
            }
        }

        if (hasDigest && size >= 0)
        {
            return new ManifestPart(kind, digest, size.Value, isForeign && hasUrls, isOfPlatform);
        }

        isMalformed = true;
        return null;
    }

    // The reader is a copy, which stands where a descriptor should: one string for a manifest, and not one for each part.
    private static string? MediaTypeOf(Utf8JsonReader reader)
    {
        string? mediaType = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mediaType"u8))
            {
                mediaType = JsonText.ReadMediaType(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return mediaType;
    }
}
