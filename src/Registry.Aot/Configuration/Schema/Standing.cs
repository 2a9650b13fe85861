namespace Registry.Aot.Configuration.Schema;

/// <summary>What this version does with a key.</summary>
internal enum Standing
{
    /// <summary>It acts.</summary>
    Acts,

    /// <summary>It is checked and, where it would switch something on, warned of.</summary>
    ActsLater,

    /// <summary>distribution has it; the program never needs it. Warned of where it would switch something on.</summary>
    Foreign,
}
