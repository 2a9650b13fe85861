using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration;

/// <summary>Collects everything that is wrong or remarkable, so that all of it is told at once. For one thread.</summary>
internal sealed class Diagnostics
{
    private readonly List<Diagnostic> _errors = [];
    private readonly List<Diagnostic> _warnings = [];

    /// <summary>Whether anything is wrong.</summary>
    public bool HasErrors => _errors.Count > 0;

    /// <summary>What is wrong, the file first, in the order of the lines.</summary>
    public IReadOnlyList<Diagnostic> Errors => Sort(_errors);

    /// <summary>What is remarkable, the file first, in the order of the lines.</summary>
    public IReadOnlyList<Diagnostic> Warnings => Sort(_warnings);

    /// <summary>Adds something wrong. No secret may stand in the message.</summary>
    public void Error(Origin origin, string message) => _errors.Add(new Diagnostic(origin, message));

    /// <summary>Adds something remarkable. No secret may stand in the message.</summary>
    public void Warn(Origin origin, string message) => _warnings.Add(new Diagnostic(origin, message));

    private static List<Diagnostic> Sort(IEnumerable<Diagnostic> found) =>
    [
        .. found
            .OrderBy(one => one.Origin.Line == 0)
            .ThenBy(one => one.Origin.Line)
            .ThenBy(one => one.Origin.Column)
            .ThenBy(one => one.Origin.Source, StringComparer.Ordinal),
    ];
}
