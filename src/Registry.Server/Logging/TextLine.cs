using System.Buffers;
using System.Globalization;
using System.Text;

namespace Registry.Server.Logging;

/// <summary>distribution's text form: <c>time="…" level=info msg="…" key=value</c>.</summary>
internal static class TextLine
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/@^+:");

    public static void Write(ArrayBufferWriter<byte> buffer, in LogLine line, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(256);
        text.Append(CultureInfo.InvariantCulture, $"time=\"{line.Time:yyyy-MM-ddTHH:mm:ss.fffffffZ}\" level={line.Level} msg=");
        AppendValue(text, line.Message, isQuoted: true);
        foreach (var (name, value) in line.Fields().Concat(fields))
        {
            text.Append(' ').Append(name).Append('=');
            AppendValue(text, value, isQuoted: false);
        }

        text.Append('\n');
        Encoding.UTF8.GetBytes(text.ToString(), buffer);
    }

    private static void AppendValue(StringBuilder text, string value, bool isQuoted)
    {
        if (!isQuoted && value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Plain))
        {
            text.Append(value);
            return;
        }

        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"' or '\\':
                    text.Append('\\').Append(c);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case var control when char.IsControl(control) || control is '\u2028' or '\u2029':
                    text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }
}
