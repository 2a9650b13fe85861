namespace Registry.Aot.Configuration.Tree;

/// <summary>A key and its value. Immutable.</summary>
/// <param name="Name">The key.</param>
/// <param name="Origin">Where the key stands.</param>
/// <param name="Value">The value.</param>
internal sealed record MapEntry(string Name, Origin Origin, Node Value);
