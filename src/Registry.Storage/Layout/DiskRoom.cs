namespace Registry.Storage.Layout;

/// <summary>
/// Keeps pushes from filling the disk to the last byte: links, manifests, logs and what others do there need some. All pushes are counted together. Thread-safe; blocking.
/// </summary>
public sealed class DiskRoom
{
    /// <summary>Most bytes that are kept free.</summary>
    public const long MaxReserve = 64 << 20;

    /// <summary>How many bytes pushes may take, together, before the disk is asked again.</summary>
    private const long AskEvery = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Func<(long Free, long Total)?> _ask;
    private long _granted;

    /// <summary>For the disk that a directory lies on.</summary>
    public DiskRoom(string directory)
        : this(() => Ask(directory))
    {
    }

    internal DiskRoom(Func<(long Free, long Total)?> ask) => _ask = ask;

    /// <summary>Whether a push may write so many bytes now, which then count as taken. What is kept free: 1 % of the disk, at most <see cref="MaxReserve"/>.</summary>
    public bool TryTake(long bytes)
    {
        lock (_gate)
        {
            if (bytes > _granted)
            {
                var free = Free();
                _granted = Math.Min(free, AskEvery);
                if (bytes > free)
                {
                    return false;
                }
            }

            _granted = Math.Max(0, _granted - bytes);
            return true;
        }
    }

    /// <summary>Whether a push of so many bytes could end well, as far as can be said before it comes.</summary>
    public bool HasRoomFor(long bytes) => bytes <= AskEvery || bytes <= Free();

    // Without what is kept free; everything where the disk does not say.
    private long Free() => _ask() is { } disk ? Math.Max(0, disk.Free - Math.Min(MaxReserve, disk.Total / 100)) : long.MaxValue;

    private static (long Free, long Total)? Ask(string directory)
    {
        try
        {
            var drive = new DriveInfo(directory);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
