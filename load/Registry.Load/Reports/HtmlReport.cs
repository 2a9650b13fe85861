using System.Net;
using System.Text;

namespace Registry.Load.Reports;

/// <summary>Writes a run as one HTML page that needs no other file and no script.</summary>
internal static class HtmlReport
{
    private const string Style =
        """
        :root{color-scheme:light dark}
        body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;font-size:13px;margin:1rem 0;display:block;overflow-x:auto}
        td,th{border-bottom:1px solid #8886;padding:.2rem .6rem;text-align:right;white-space:nowrap}
        td:first-child,th:first-child{text-align:left}
        .missed{font-weight:bold} svg{width:100%;height:auto;margin:.5rem 0}
        """;

    /// <summary>Writes it.</summary>
    /// <param name="report">The run.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task WriteAsync(RunReport report, string path, CancellationToken cancellation)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width\"><title>").Append(Encode(report.Title)).Append("</title><style>")
            .Append(Style).AppendLine("</style></head><body>").Append("<h1>").Append(Encode(report.Title)).AppendLine("</h1>");
        foreach (var paragraph in report.Preface)
        {
            page.Append("<p>").Append(Encode(paragraph)).AppendLine("</p>");
        }

        foreach (var scenario in report.Scenarios)
        {
            Append(page, scenario);
        }

        return File.WriteAllTextAsync(path, page.AppendLine("</body></html>").ToString(), cancellation);
    }

    private static void Append(StringBuilder page, ScenarioReport scenario)
    {
        page.Append("<h2 id=\"").Append(scenario.Name).Append("\">").Append(Encode($"{scenario.Name}: {scenario.Title}")).AppendLine("</h2>");
        if (scenario.Thresholds.Count > 0)
        {
            page.AppendLine("<table><tr><th>goal</th><th>bound</th><th>measured</th><th>met</th></tr>");
            foreach (var threshold in scenario.Thresholds)
            {
                page.Append(threshold.Met ? "<tr>" : "<tr class=\"missed\">");
                Cells(page, "td", [threshold.Text, threshold.Goal, threshold.Measured, threshold.Met ? "yes" : "no"]);
            }

            page.AppendLine("</table>");
        }

        foreach (var section in scenario.Sections)
        {
            page.Append("<h3>").Append(Encode(section.Heading)).AppendLine("</h3>").Append("<p>").Append(Encode(section.Text)).AppendLine("</p>");
            foreach (var chart in section.Charts)
            {
                page.AppendLine(chart.Render());
            }

            page.AppendLine("<table>");
            foreach (var (index, row) in section.Table().Index())
            {
                page.Append("<tr>");
                Cells(page, index == 0 ? "th" : "td", row);
            }

            page.AppendLine("</table>");
        }
    }

    private static void Cells(StringBuilder page, string element, string[] cells)
    {
        foreach (var cell in cells)
        {
            page.Append('<').Append(element).Append('>').Append(Encode(cell)).Append("</").Append(element).Append('>');
        }

        page.AppendLine("</tr>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
