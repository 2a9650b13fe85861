using System.Text;
using System.Text.Json;
using Registry.Storage.Content;

namespace Registry.Storage.Manifests;

/// <summary>Reads the short strings of manifests where they lie: what is longer than it can be is never copied.</summary>
internal static class JsonText
{
    /// <summary>Longest text that is read, in bytes as written: a media type, every character of it as <c>\u0000</c>.</summary>
    private const int MaxWritten = 6 * MediaType.MaxLength;

    /// <summary>The media type that comes next; null for anything else, which could not stand in a header.</summary>
    public static string? ReadMediaType(ref Utf8JsonReader reader)
    {
        Span<byte> buffer = stackalloc byte[MaxWritten];
        var text = buffer[..Read(ref reader, buffer)];
        return MediaType.IsWellFormed(text) ? Encoding.ASCII.GetString(text) : null;
    }

    /// <summary>The digest that comes next; false for anything else.</summary>
    public static bool TryReadDigest(ref Utf8JsonReader reader, out Digest digest)
    {
        Span<byte> buffer = stackalloc byte[MaxWritten];
        return Digest.TryParse(buffer[..Read(ref reader, buffer)], out digest);
    }

    /// <summary>Whether the media type that comes next is that of a layer which registries need not hold.</summary>
    public static bool ReadIsForeign(ref Utf8JsonReader reader)
    {
        Span<byte> buffer = stackalloc byte[MaxWritten];
        ReadOnlySpan<byte> text = buffer[..Read(ref reader, buffer)];
        return text.IndexOf(".nondistributable."u8) >= 0 || text.IndexOf(".foreign."u8) >= 0;
    }

    /// <summary>Whether the platform that comes next is one of those.</summary>
    public static bool ReadIsAmong(ref Utf8JsonReader reader, scoped ReadOnlySpan<Platform> platforms)
    {
        reader.Read();
        if (platforms.IsEmpty || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        Span<byte> os = stackalloc byte[MaxWritten];
        Span<byte> architecture = stackalloc byte[MaxWritten];
        int osLength = 0, architectureLength = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("os"u8))
            {
                osLength = Read(ref reader, os);
            }
            else if (reader.ValueTextEquals("architecture"u8))
            {
                architectureLength = Read(ref reader, architecture);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        foreach (var platform in platforms)
        {
            if (Ascii.Equals(os[..osLength], platform.Os) && Ascii.Equals(architecture[..architectureLength], platform.Architecture))
            {
                return true;
            }
        }

        return false;
    }

    // The length of the text that comes next; 0 when what comes is none, or too long.
    private static int Read(ref Utf8JsonReader reader, scoped Span<byte> buffer)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.ValueSpan.Length <= buffer.Length ? reader.CopyString(buffer) : 0;
        }

        reader.Skip();
        return 0;
    }
}
