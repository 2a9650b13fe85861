using System.Text;

namespace Registry.Aot.Configuration;

/// <summary>Reads small files of UTF-8 text.</summary>
internal static class TextFile
{
    /// <summary>Most bytes of a file: far more than any configuration or password has.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, without its byte order mark.</summary>
    /// <exception cref="TextFileException">It cannot be read, is too long, or is no UTF-8.</exception>
    public static string Read(string path)
    {
        try
        {
            // As long as what comes: a pipe tells no length, and a server looks at its configuration every second.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var content = new MemoryStream();
            Span<byte> piece = stackalloc byte[4096];
            while (content.Length <= MaxBytes && file.Read(piece) is > 0 and var read)
            {
                content.Write(piece[..read]);
            }

            return Decode(content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TextFileException($"the file cannot be read: {Reason(broken)}");
        }
    }

    /// <summary>Whether a file that holds something can be read again and again: a pipe cannot.</summary>
    public static bool IsRegular(string path)
    {
        try
        {
            return (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is FileInfo { Exists: true, Length: > 0 };
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Decodes what stands in a file.</summary>
    /// <exception cref="TextFileException">It is too long, or is no UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw new TextFileException($"the file is too long; expected at most {MaxBytes >> 20} MiB");
        }

        try
        {
            return Utf8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException broken)
        {
            var before = bytes[..Math.Clamp(broken.Index, 0, bytes.Length)];
            throw new TextFileException("this is not UTF-8 text", before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
        }
    }

    private static string Reason(Exception broken) =>
        broken switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is none of that name",
            UnauthorizedAccessException => "it is a directory, or access to it is denied",
            _ => "the system refuses it",
        };
}
