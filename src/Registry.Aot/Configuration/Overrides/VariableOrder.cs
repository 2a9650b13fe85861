namespace Registry.Aot.Configuration.Overrides;

/// <summary>The order in which variables are merged: outer sections first, and the items of a list in their order (distribution puts 10 before 2).</summary>
internal sealed class VariableOrder : IComparer<Variable>
{
    /// <inheritdoc/>
    public int Compare(Variable? x, Variable? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var byPart = x.Parts.Zip(y.Parts, ComparePart).FirstOrDefault(order => order != 0);
        return byPart != 0 ? byPart
            : x.Parts.Count != y.Parts.Count ? x.Parts.Count.CompareTo(y.Parts.Count)
            : string.CompareOrdinal(x.Name, y.Name);
    }

    private static int ComparePart(string left, string right) =>
        Variable.TryParseIndex(left, out var leftIndex) && Variable.TryParseIndex(right, out var rightIndex)
            ? leftIndex.CompareTo(rightIndex)
            : string.CompareOrdinal(left, right);
}
