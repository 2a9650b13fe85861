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
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var buffer = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return Decode(buffer.AsSpan(0, length));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TextFileException($"the file cannot be read: {Reason(broken)}");
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
