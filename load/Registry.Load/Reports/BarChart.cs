using System.Globalization;
using System.Net;
using System.Text;

namespace Registry.Load.Reports;

/// <summary>Horizontal bars in groups, as SVG.</summary>
internal sealed class BarChart(string title, string unit)
{
    private const int Width = 860;
    private const int LabelWidth = 290;
    private const int BarWidth = 380;
    private const int BarHeight = 14;
    private const int GroupGap = 12;

    private static readonly string[] Colours = ["#2f6fb3", "#c46a2b", "#7a7a7a"];

    private readonly List<(string Label, (string Server, double Value)[] Bars)> _groups = [];

    /// <summary>Adds a group; a bar without a value (NaN) is left out.</summary>
    public void Add(string label, params (string Server, double Value)[] bars) =>
        _groups.Add((label, bars.Where(static bar => !double.IsNaN(bar.Value)).ToArray()));

    public async Task WriteAsync(string path, CancellationToken cancellation)
    {
        var servers = _groups.SelectMany(static group => group.Bars).Select(static bar => bar.Server).Distinct(StringComparer.Ordinal).ToList();
        var longest = _groups.SelectMany(static group => group.Bars).Select(static bar => bar.Value).DefaultIfEmpty(1).Max();
        var text = new StringBuilder();
        var y = 34;
        foreach (var (label, bars) in _groups)
        {
            Text(text, LabelWidth - 8, y + BarHeight - 3, label, "end");
            foreach (var (server, value) in bars)
            {
                var width = value / longest * BarWidth;
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"""<rect x="{LabelWidth}" y="{y}" width="{Math.Max(width, 1):0.0}" height="{BarHeight - 2}" fill="{Colours[servers.IndexOf(server) % Colours.Length]}"/>""");
                Text(text, LabelWidth + (int)width + 6, y + BarHeight - 3, string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {unit}  {server}"), "start");
                y += BarHeight;
            }

            y += GroupGap;
        }

        var picture = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture,
                $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y}" font-family="sans-serif" font-size="11" role="img">""")
            .AppendLine("""<rect width="100%" height="100%" fill="#fff"/>""");
        Text(picture, 12, 20, title, "start");
        picture.Append(text).AppendLine("</svg>");
        await File.WriteAllTextAsync(path, picture.ToString(), cancellation);
    }

    private static void Text(StringBuilder picture, int x, int y, string text, string anchor) =>
        picture.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x}" y="{y}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""");
}
