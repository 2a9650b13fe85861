using System.Buffers;
using System.Globalization;
using System.Text;

namespace Registry.Server.Logging;

/// <summary>A line of the access log as it is put together. Belongs to one thread.</summary>
internal readonly struct AccessLine(ArrayBufferWriter<byte> buffer)
{
    /// <summary>Most characters of one field: longer than any header that is of use to who reads the log.</summary>
    private const int MaxField = 4096;

    /// <summary>Longest of the values that are formatted: an IPv6 address with its zone, a time, a number.</summary>
    private const int MaxValue = 128;

    // Space up to tilde but quote and backslash: everything else is looked at one by one.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Writes what is a part of the form.</summary>
    public void Write(ReadOnlySpan<byte> text) => buffer.Write(text);

    /// <summary>Writes a time as Apache does.</summary>
    public void Write(DateTimeOffset time) => Write(time, "dd/MMM/yyyy:HH:mm:ss '+0000'");

    /// <summary>Writes a value as it is formatted everywhere.</summary>
    public void Write<T>(T value)
        where T : IUtf8SpanFormattable => Write(value, "");

    /// <summary>Writes what a client sent. As Apache does: nothing in it can end the line or its own field.</summary>
    public void WriteField(ReadOnlySpan<char> value)
    {
        value = value[..Math.Min(value.Length, MaxField)];
        while (!value.IsEmpty)
        {
            var plain = value.IndexOfAnyExcept(Plain);
            plain = plain < 0 ? value.Length : plain;
            buffer.Advance(Encoding.UTF8.GetBytes(value[..plain], buffer.GetSpan(plain)));
            value = value[plain..];
            if (!value.IsEmpty)
            {
                Rune.DecodeFromUtf16(value, out var rune, out var consumed);
                WriteOther(rune);
                value = value[consumed..];
            }
        }
    }

    private void Write<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        if (value.TryFormat(buffer.GetSpan(MaxValue), out var written, format, CultureInfo.InvariantCulture))
        {
            buffer.Advance(written);
        }
    }

    private void WriteOther(Rune rune)
    {
        if (rune.Value is '"' or '\\')
        {
            buffer.Write([(byte)'\\', (byte)rune.Value]);
        }
        else if (Rune.IsControl(rune))
        {
            buffer.Write("\\x"u8);
            Write((byte)rune.Value, "x2");
        }
        else
        {
            buffer.Advance(rune.EncodeToUtf8(buffer.GetSpan(4)));
        }
    }
}
