using System.Text;
using Registry.Storage.Content;

namespace Registry.Storage.Layout;

/// <summary>A link file: the digest that a name in the tree means. Thread-safe; blocking.</summary>
internal static class LinkFile
{
    // sha512 in hexadecimal with its name, and room to see that there is more.
    private const int MaxBytes = 256;

    /// <summary>How exact the last use on disk is: a link used within this time of its mtime is not touched again.</summary>
    public static readonly TimeSpan UseResolution = TimeSpan.FromHours(1);

    /// <summary>What the link means; null when there is none, or when what is there is no digest (an empty file that a crash left, say).</summary>
    public static Digest? Read(string path)
    {
        var text = SmallFile.ReadText(path, MaxBytes);
        return text is not null && Digest.TryParse(text.AsSpan().TrimEnd(), out var digest) ? digest : null;
    }

    /// <summary>Makes or replaces the link, durably.</summary>
    public static void Write(Durability disk, string path, Digest target)
    {
        using var batch = new WriteBatch(disk);
        Write(batch, path, target);
        batch.Commit();
    }

    /// <summary>Makes or replaces the link together with what else is in the batch, unless it means that already.</summary>
    /// <param name="batch">What is to be written.</param>
    /// <param name="path">The link.</param>
    /// <param name="target">What it is to mean.</param>
    /// <param name="staging">Where it is written before it gets its name; null: beside.</param>
    /// <param name="time">Its time; null: now.</param>
    /// <returns>Whether it was there.</returns>
    public static bool Write(WriteBatch batch, string path, Digest target, string? staging = null, DateTimeOffset? time = null)
    {
        if (Read(path) == target)
        {
            batch.Confirm(path);
            return true;
        }

        batch.Write(path, Encoding.ASCII.GetBytes(target.ToString()), staging, time);
        return false;
    }

    /// <summary>Records that what the link names was used now.</summary>
    public static void Use(string path, DateTimeOffset now)
    {
        if (now.UtcDateTime - File.GetLastWriteTimeUtc(path) > UseResolution)
        {
            SetTime(path, now);
        }
    }

    /// <summary>Sets the link's time, as far as that can be: it may have just been deleted, or belong to another user.</summary>
    public static void SetTime(string path, DateTimeOffset time)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time.UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
