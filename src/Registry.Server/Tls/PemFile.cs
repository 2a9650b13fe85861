using System.Text;

namespace Registry.Server.Tls;

/// <summary>Reads small files of PEM text (RFC 7468).</summary>
internal static class PemFile
{
    /// <summary>Most bytes of a file: hundreds of certificates.</summary>
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a file, through links as they lead now.</summary>
    /// <exception cref="CertificateException">It cannot be read, or is too long.</exception>
    public static string Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > MaxBytes)
            {
                throw new CertificateException($"'{path}' is too long; expected at most {MaxBytes >> 20} MiB");
            }

            using var reader = new StreamReader(file, Encoding.ASCII);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CertificateException(
                e is FileNotFoundException or DirectoryNotFoundException ? $"there is no file '{path}'" : $"'{path}' cannot be read: access is denied, or it is no file", e);
        }
    }
}
