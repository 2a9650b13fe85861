using System.Globalization;

namespace Registry.Load.Measures;

/// <summary>The values of one measure, and how they are shown: median and spread.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median
    {
        get
        {
            var sorted = _values.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>The greatest; NaN when there are none.</summary>
    public double Greatest => _values.DefaultIfEmpty(double.NaN).Max();

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<double> Values => _values;

    public void Add(double value) => _values.Add(value);

    /// <summary>The median, then least and greatest in brackets.</summary>
    public string Show(string format) => _values.Count == 0
        ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{Format(Median, format)} ({Format(_values.Min(), format)}–{Format(_values.Max(), format)})");

    /// <summary>The median alone.</summary>
    public string ShowMedian(string format) => _values.Count == 0 ? "–" : Format(Median, format);

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
