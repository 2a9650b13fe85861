using System.Globalization;

namespace Registry.Load.Reports;

/// <summary>A goal and what was measured. Immutable.</summary>
/// <param name="Text">Of what.</param>
/// <param name="Value">The measured value; NaN when there is none, which misses.</param>
/// <param name="AtMost">Whether the bound is an upper one.</param>
/// <param name="Bound">The goal.</param>
internal sealed record Threshold(string Text, double Value, bool AtMost, double Bound)
{
    public bool Met => AtMost ? Value <= Bound : Value >= Bound;

    public string Goal => string.Create(CultureInfo.InvariantCulture, $"{(AtMost ? '≤' : '≥')} {Bound:0.##}");

    public string Measured => Value.ToString("0.##", CultureInfo.InvariantCulture);
}
