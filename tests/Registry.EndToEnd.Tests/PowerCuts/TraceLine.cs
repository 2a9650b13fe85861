using System.Globalization;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>Takes a call's text apart: strings, what descriptors stand for, words.</summary>
internal static class TraceLine
{
    /// <summary>Reads a call that is over, or whose result is not there yet.</summary>
    /// <exception cref="InvalidDataException">strace has left something out.</exception>
    public static TracedCall Read(string thread, string text, bool isOver)
    {
        var strings = new List<byte[]>();
        var words = new List<string>();
        string? open = null;
        var name = text[..text.IndexOf('(', StringComparison.Ordinal)];
        for (var i = name.Length; i < text.Length;)
        {
            if (text[i] == '"')
            {
                strings.Add(Unescape(text, ref i));
            }
            else if (text[i] == '<')
            {
                var end = text.IndexOf('>', i);
                open ??= text[(i + 1)..end];
                i = end + 1;
            }
            else if (IsDelimiter(text[i]))
            {
                i++;
            }
            else
            {
                var begin = i;
                while (i < text.Length && !IsDelimiter(text[i]) && text[i] is not ('"' or '<'))
                {
                    i++;
                }

                words.Add(text[begin..i]);
            }
        }

        if (words.Contains("..."))
        {
            throw new InvalidDataException($"Left out: {text[..Math.Min(text.Length, 200)]}");
        }

        var equals = isOver ? words.LastIndexOf("=") : words.Count;
        var result = !isOver ? 0 : long.TryParse(words[equals + 1], CultureInfo.InvariantCulture, out var returned) ? returned : -1;
        return new TracedCall(thread, name, isOver, open, strings, words[..equals], result);
    }

    private static bool IsDelimiter(char c) => c is ' ' or ',' or '(' or ')' or '[' or ']' or '{' or '}';

    // The escapes of C, octal numbers of one digit to three.
    private static byte[] Unescape(string text, ref int i)
    {
        var bytes = new List<byte>();
        for (i++; text[i] != '"'; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            i++;
            if (text[i] is >= '0' and <= '7')
            {
                var value = 0;
                var end = i + 3;
                while (i < end && text[i] is >= '0' and <= '7')
                {
                    value = (value * 8) + (text[i++] - '0');
                }

                i--;
                bytes.Add((byte)value);
            }
            else
            {
                bytes.Add(text[i] switch { 'n' => (byte)'\n', 't' => (byte)'\t', 'r' => (byte)'\r', 'v' => (byte)'\v', 'f' => (byte)'\f', var c => (byte)c });
            }
        }

        i++;
        return [.. bytes];
    }
}
