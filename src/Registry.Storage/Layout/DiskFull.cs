namespace Registry.Storage.Layout;

/// <summary>Tells a full disk from one that fails.</summary>
public static class DiskFull
{
    // Linux: no space left on device, and disk quota exceeded. .NET puts the number of the error where Windows has its result.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether the exception says that there is no space left.</summary>
    public static bool Is(IOException exception) => exception.HResult is NoSpace or QuotaExceeded;
}
