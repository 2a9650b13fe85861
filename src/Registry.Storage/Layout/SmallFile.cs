using System.Text;

namespace Registry.Storage.Layout;

/// <summary>Reads files that are small by their nature, never more than a stated bound. Thread-safe; blocking.</summary>
internal static class SmallFile
{
    /// <summary>The whole file as bytes; null when it does not exist or is longer than <paramref name="maxBytes"/>.</summary>
    public static byte[]? Read(string path, int maxBytes)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > maxBytes)
            {
                return null;
            }

            var bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length)
            {
                var count = RandomAccess.Read(file, bytes.AsSpan(read), read);
                if (count == 0)
                {
                    return bytes[..read];
                }

                read += count;
            }

            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The whole file as UTF-8 text; null as for <see cref="Read"/>.</summary>
    public static string? ReadText(string path, int maxBytes) => Read(path, maxBytes) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
