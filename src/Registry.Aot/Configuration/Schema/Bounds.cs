namespace Registry.Aot.Configuration.Schema;

/// <summary>Durations and sizes with the bounds that several keys share.</summary>
internal static class Bounds
{
    /// <summary>Longer than anything is kept, and far within what a date can be moved by.</summary>
    private static readonly TimeSpan Ages = TimeSpan.FromDays(3650);

    /// <summary>Within what a timer can wait (49 days), and longer than any request is worth.</summary>
    private static readonly TimeSpan Waits = TimeSpan.FromHours(24);

    /// <summary>How long something is kept; 0 is allowed.</summary>
    public static ScalarShape Age { get; } = Shapes.Duration(TimeSpan.Zero, Ages);

    /// <summary>How often something is done.</summary>
    public static ScalarShape Interval { get; } = Shapes.Duration(TimeSpan.FromSeconds(1), Ages);

    /// <summary>How long something is waited for.</summary>
    public static ScalarShape Timeout { get; } = Shapes.Duration(TimeSpan.FromMilliseconds(1), Waits);

    /// <summary>How long something is waited for, or not at all.</summary>
    public static ScalarShape TimeoutOrNone { get; } = Shapes.Duration(TimeSpan.Zero, Waits);

    /// <summary>Any number of bytes, or bytes a second; 0 means without a limit.</summary>
    public static ScalarShape Bytes { get; } = Shapes.Size(0, 1L << 60);
}
