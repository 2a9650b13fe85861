using System.Globalization;
using System.Net;
using System.Text;
using Registry.Load.Servers;

namespace Registry.Load.Charts;

/// <summary>A picture of numbers, as an SVG that needs nothing else and follows the light or dark scheme of who looks at it.</summary>
internal abstract class Chart(string title)
{
    protected const int Width = 860;

    private static readonly string[] Coloured = [Names.Ours, Names.NginxStatic, Names.DockerRegistry, Names.Pair];

    private const string Style =
        """
        <style>
        .c{font:11px sans-serif;--ink:#222;--faint:#ddd;--s0:#2166ac;--s1:#b35806;--s2:#5a7d1e;--s3:#8e4b9e;--s4:#6b6b6b}
        @media (prefers-color-scheme:dark){.c{--ink:#ddd;--faint:#444;--s0:#6db1f0;--s1:#f0a35e;--s2:#a8cf6b;--s3:#d59ae3;--s4:#aaa}}
        .c text{fill:var(--ink)} .c .g{stroke:var(--faint)} .c path{fill:none;stroke-width:1.6}
        .c .b{stroke:none}
        </style>
        """;

    public string Title { get; } = title;

    /// <summary>The picture.</summary>
    public string Render()
    {
        var body = new StringBuilder();
        var height = Draw(body);
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" class="c" viewBox="0 0 {Width} {height}" role="img">""")
            .AppendLine(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(Title)}</title>")
            .AppendLine(Style);
        Text(text, 12, 18, Title, "start");
        return text.Append(body).AppendLine("</svg>").ToString();
    }

    /// <summary>Draws below the title, which ends at 24, and gives the height.</summary>
    protected abstract int Draw(StringBuilder picture);

    protected static void Text(StringBuilder picture, double x, double y, string text, string anchor) =>
        picture.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""");

    /// <summary>The colour of a server, the same in all charts; those that are rare share one.</summary>
    protected static string Colour(string server) => Array.IndexOf(Coloured, server) is >= 0 and var index
        ? string.Create(CultureInfo.InvariantCulture, $"var(--s{index})")
        : "var(--s4)";

    /// <summary>The least round number that is not below a positive one.</summary>
    protected static double Round(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 2.5, 5, 10 }.First(digit => digit * power >= value * 0.999999) * power;
    }

    /// <summary>A number with three digits that count.</summary>
    protected static string Short(double value) => Math.Abs(value) switch
    {
        >= 100 or 0 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
