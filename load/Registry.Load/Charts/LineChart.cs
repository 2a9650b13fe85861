using System.Globalization;
using System.Text;

namespace Registry.Load.Charts;

/// <summary>Lines over one horizontal axis; the vertical one begins at 0.</summary>
/// <param name="title">What is shown, with the unit of the values.</param>
/// <param name="horizontal">The horizontal axis, with its unit.</param>
/// <param name="logarithmic">Whether the horizontal axis is.</param>
internal sealed class LineChart(string title, string horizontal, bool logarithmic = false) : Chart(title)
{
    private const int Left = 60;
    private const int Top = 48;
    private const int PlotWidth = Width - Left - 20;
    private const int PlotHeight = 180;
    private const int Steps = 4;

    private readonly List<Line> _lines = [];

    /// <summary>The lines, in the order added.</summary>
    public IReadOnlyList<Line> Lines => _lines;

    /// <summary>Adds a line; one without points is left out.</summary>
    public void Add(string name, IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count > 0)
        {
            _lines.Add(new Line(name, points));
        }
    }

    protected override int Draw(StringBuilder picture)
    {
        var points = _lines.SelectMany(static line => line.Points).DefaultIfEmpty((1, 1)).ToList();
        var top = Steps * Round(Math.Max(points.Max(static point => point.Y), 1e-6) / Steps);
        var (low, high) = Ends(points.Min(static point => point.X), points.Max(static point => point.X));
        for (var step = 0; step <= Steps; step++)
        {
            var y = Top + PlotHeight - (PlotHeight * step / (double)Steps);
            picture.AppendLine(CultureInfo.InvariantCulture, $"""<line class="g" x1="{Left}" x2="{Left + PlotWidth}" y1="{y:0.#}" y2="{y:0.#}"/>""");
            Text(picture, Left - 6, y + 4, Short(top * step / Steps), "end");
        }

        var span = high - low;
        var ticks = logarithmic ? (int)span : Steps;
        for (var tick = 0; tick <= ticks; tick++)
        {
            var x = low + (span * tick / ticks);
            Text(picture, Left + (PlotWidth * tick / (double)ticks), Top + PlotHeight + 16, Short(logarithmic ? Math.Pow(10, x) : x), "middle");
        }

        Text(picture, Left + (PlotWidth / 2.0), Top + PlotHeight + 32, horizontal, "middle");
        var legend = Left;
        foreach (var line in _lines)
        {
            var path = line.Points.Select((point, at) => string.Create(CultureInfo.InvariantCulture,
                $"{(at == 0 ? 'M' : 'L')}{Left + ((Scale(point.X) - low) / span * PlotWidth):0.#} {Top + PlotHeight - (point.Y / top * PlotHeight):0.#}"));
            picture.AppendLine(CultureInfo.InvariantCulture, $"""<path style="stroke:{Colour(line.Name)}" d="{string.Concat(path)}"/>""");
            picture.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="b" x="{legend}" y="28" width="10" height="10" style="fill:{Colour(line.Name)}"/>""");
            Text(picture, legend + 14, 37, line.Name, "start");
            legend += 30 + (7 * line.Name.Length);
        }

        return Top + PlotHeight + 40;
    }

    /// <summary>The ends of the horizontal axis, as <see cref="Scale"/> has them: whole decades, or from 0 to a round number.</summary>
    private (double Low, double High) Ends(double least, double greatest) => logarithmic
        ? (Math.Floor(Scale(least)), Math.Max(Math.Ceiling(Scale(greatest)), Math.Floor(Scale(least)) + 1))
        : (0, Steps * Round(Math.Max(greatest, 1e-6) / Steps));

    private double Scale(double x) => logarithmic ? Math.Log10(Math.Max(x, 1e-4)) : x;

    /// <summary>One line. Immutable.</summary>
    /// <param name="Name">As it stands in the legend.</param>
    /// <param name="Points">In the order in which they are joined.</param>
    internal sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points);
}
