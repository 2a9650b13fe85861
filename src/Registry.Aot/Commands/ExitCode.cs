namespace Registry.Aot.Commands;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    /// <summary>It did what was asked.</summary>
    public const int Done = 0;

    /// <summary>It looked and found something wrong.</summary>
    public const int FoundWrong = 1;

    /// <summary>The call or the configuration is wrong.</summary>
    public const int WrongCall = 2;
}
