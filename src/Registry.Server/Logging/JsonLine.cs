using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Registry.Server.Logging;

/// <summary>distribution's JSON form, and the one of its Logstash formatter.</summary>
internal static class JsonLine
{
    // Lines go to a log, not into a page: what JSON allows stays readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ArrayBufferWriter<byte> buffer, in LogLine line, IReadOnlyList<KeyValuePair<string, string>> fields, bool isLogstash)
    {
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            if (isLogstash)
            {
                json.WriteNumber("@version"u8, 1);
            }

            json.WriteString(isLogstash ? "@timestamp"u8 : "time"u8, line.Time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
            json.WriteString("level"u8, line.Level);
            json.WriteString(isLogstash ? "message"u8 : "msg"u8, line.Message);
            foreach (var (name, value) in line.Fields().Concat(fields))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }
}
