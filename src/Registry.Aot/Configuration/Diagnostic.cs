using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Configuration;

/// <summary>Something wrong or remarkable at a place. Immutable.</summary>
/// <param name="Origin">Where.</param>
/// <param name="Message">What, and what was expected.</param>
internal sealed record Diagnostic(Origin Origin, string Message)
{
    /// <summary><c>config.yml:3:5: what is wrong</c>.</summary>
    public override string ToString() => $"{Origin}: {Message}";
}
