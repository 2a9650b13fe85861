namespace Registry.Storage.Layout;

/// <summary>Tells a full disk from one that fails.</summary>
public static class DiskFull
{
    // Linux: no space left on device, and disk quota exceeded. .NET puts the number of the error where Windows has its result.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>To be thrown where the disk is not full yet, but what is left is not to be taken.</summary>
    public static IOException Reserved() => new("There is no space left on the disk but what is kept free.", NoSpace);

    /// <summary>Whether the exception says that there is no space left.</summary>
    public static bool Is(IOException exception) => exception.HResult is NoSpace or QuotaExceeded;
}
