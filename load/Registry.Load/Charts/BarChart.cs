using System.Globalization;
using System.Text;

namespace Registry.Load.Charts;

/// <summary>Horizontal bars in groups.</summary>
internal sealed class BarChart(string title, string unit) : Chart(title)
{
    private const int LabelWidth = 290;
    private const int BarWidth = 360;
    private const int BarHeight = 14;
    private const int GroupGap = 12;

    private readonly List<(string Label, (string Server, double Value)[] Bars)> _groups = [];

    /// <summary>Adds a group; a bar without a value (NaN) is left out.</summary>
    public void Add(string label, params (string Server, double Value)[] bars) =>
        _groups.Add((label, [.. bars.Where(static bar => double.IsFinite(bar.Value))]));

    protected override int Draw(StringBuilder picture)
    {
        var longest = _groups.SelectMany(static group => group.Bars).Select(static bar => bar.Value).Append(double.Epsilon).Max();
        var y = 34;
        foreach (var (label, bars) in _groups)
        {
            Text(picture, LabelWidth - 8, y + BarHeight - 3, label, "end");
            foreach (var (server, value) in bars)
            {
                var width = value / longest * BarWidth;
                picture.AppendLine(CultureInfo.InvariantCulture,
                    $"""<rect class="b" x="{LabelWidth}" y="{y}" width="{Math.Max(width, 1):0.0}" height="{BarHeight - 2}" style="fill:{Colour(server)}"/>""");
                Text(picture, LabelWidth + width + 6, y + BarHeight - 3, $"{Short(value)} {unit}  {server}", "start");
                y += BarHeight;
            }

            y += GroupGap;
        }

        return y;
    }
}
