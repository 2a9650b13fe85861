using System.Globalization;
using System.Text;

namespace Registry.Load.Reports;

/// <summary>Writes a run as Markdown, with the first chart of each scenario in a file beside it.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes it.</summary>
    /// <param name="report">The run.</param>
    /// <param name="path">The file, which ends with <c>.md</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task WriteAsync(RunReport report, string path, CancellationToken cancellation)
    {
        var text = new StringBuilder("# ").AppendLine(report.Title);
        foreach (var paragraph in report.Preface)
        {
            text.AppendLine().AppendLine(paragraph);
        }

        var name = Path.GetFileNameWithoutExtension(path);
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"With charts: [{name}.html]({name}.html). Every value: [{name}.json]({name}.json).");
        foreach (var scenario in report.Scenarios)
        {
            await AppendAsync(text, report, scenario, path, cancellation);
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellation);
    }

    private static async Task AppendAsync(StringBuilder text, RunReport report, ScenarioReport scenario, string path, CancellationToken cancellation)
    {
        text.AppendLine().Append("## ").Append(scenario.Name).Append(": ").AppendLine(scenario.Title);
        if (scenario.Sections.SelectMany(static section => section.Charts).FirstOrDefault() is { } chart)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            var file = report.Scenarios.Count == 1 ? $"{name}.svg" : $"{name}-{scenario.Name}.svg";
            await File.WriteAllTextAsync(Path.Join(Path.GetDirectoryName(path), file), chart.Render(), cancellation);
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"![{chart.Title}]({file})");
        }

        if (scenario.Thresholds.Count > 0)
        {
            Table(text, [["goal", "bound", "measured", "met"], .. scenario.Thresholds.Select(Row)]);
        }

        foreach (var section in scenario.Sections)
        {
            text.AppendLine().Append("### ").AppendLine(section.Heading).AppendLine().AppendLine(section.Text);
            Table(text, section.Table());
        }
    }

    private static string[] Row(Threshold threshold) => [threshold.Text, threshold.Goal, threshold.Measured, threshold.Met ? "yes" : "**no**"];

    private static void Table(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.AppendLine().Append("| ").AppendJoin(" | ", rows[0]).AppendLine(" |");
        text.Append("|---|").Insert(text.Length, "---:|", rows[0].Length - 1).AppendLine();
        foreach (var row in rows.Skip(1))
        {
            text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
        }
    }
}
