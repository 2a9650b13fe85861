using System.Text.Json;
using Registry.Load.Charts;

namespace Registry.Load.Reports;

/// <summary>Writes a run as JSON: every sample of every round, the points of every line, and the thresholds.</summary>
internal static class JsonReport
{
    /// <summary>Writes it.</summary>
    /// <param name="report">The run.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task WriteAsync(RunReport report, string path, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        await using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("command", report.Command);
        json.WriteString("date", report.Date);
        json.WriteString("commit", report.Commit);
        json.WriteString("machine", report.Machine);
        json.WriteString("versions", report.Versions);
        json.WriteStartArray("scenarios");
        foreach (var scenario in report.Scenarios)
        {
            Write(json, scenario);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
    }

    private static void Write(Utf8JsonWriter json, ScenarioReport scenario)
    {
        json.WriteStartObject();
        json.WriteString("name", scenario.Name);
        json.WriteStartArray("thresholds");
        foreach (var threshold in scenario.Thresholds)
        {
            json.WriteStartObject();
            json.WriteString("text", threshold.Text);
            json.WriteString("goal", threshold.Goal);
            json.WritePropertyName("measured");
            Write(json, threshold.Value);
            json.WriteBoolean("met", threshold.Met);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sections");
        foreach (var section in scenario.Sections)
        {
            json.WriteStartObject();
            json.WriteString("heading", section.Heading);
            WriteSamples(json, section);
            WriteRows(json, section);
            json.WriteStartObject("lines");
            foreach (var chart in section.Charts.OfType<LineChart>())
            {
                WriteLines(json, chart);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSamples(Utf8JsonWriter json, ReportSection section)
    {
        json.WriteStartObject("samples");
        foreach (var (measure, _) in section.Samples.Measures)
        {
            json.WriteStartObject(measure);
            foreach (var server in section.Samples.Servers)
            {
                json.WriteStartArray(server);
                foreach (var value in section.Samples.Of(measure, server).Values)
                {
                    Write(json, value);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter json, ReportSection section)
    {
        json.WriteStartArray("rows");
        foreach (var row in section.Rows)
        {
            json.WriteStartArray();
            foreach (var cell in row)
            {
                json.WriteStringValue(cell);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteLines(Utf8JsonWriter json, LineChart chart)
    {
        json.WriteStartObject(chart.Title);
        foreach (var line in chart.Lines)
        {
            json.WriteStartArray(line.Name);
            foreach (var (x, y) in line.Points)
            {
                json.WriteStartArray();
                Write(json, x);
                Write(json, y);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(Math.Round(value, 6));
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
