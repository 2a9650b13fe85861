namespace Registry.EndToEnd;

/// <summary>How long a test may take before its token is cancelled: a guard against hanging for ever, never part of what is tested.</summary>
internal static class TestLimit
{
    /// <summary>Two minutes, in the unit of xunit's Timeout.</summary>
    public const int Milliseconds = 120_000;
}
