using System.Text.Json;
using Registry.Server.Tls;

namespace Registry.Server.Acme;

/// <summary>Keeps the state in a file that only its owner can read. For one thread.</summary>
internal sealed class AcmeStateFile
{
    private const string NameInDirectory = "registry.json";

    /// <summary>Far more than keys and a chain take.</summary>
    private const int MaxBytes = 1 << 20;

    private readonly string _path;

    /// <summary>Touches nothing yet.</summary>
    public AcmeStateFile(string path) => _path = Path.GetFullPath(Directory.Exists(path) ? Path.Join(path, NameInDirectory) : path);

    /// <summary>Reads it; null: there is none, or <paramref name="problem"/> says why it cannot be used.</summary>
    /// <exception cref="CertificateException">It cannot be read: what is in it must not be lost.</exception>
    public AcmeState? Read(out string? problem)
    {
        problem = null;
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read);
            if (file.Length <= MaxBytes && JsonSerializer.Deserialize(file, AcmeJson.Default.AcmeState) is { } state)
            {
                return state;
            }

            problem = $"'{_path}' does not hold the state of an ACME account";
        }
        catch (JsonException)
        {
            problem = $"'{_path}' does not hold the state of an ACME account";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"'{_path}' cannot be read: access is denied, or it is no file", e);
        }

        return null;
    }

    /// <summary>Replaces it, whole or not at all.</summary>
    /// <exception cref="IOException">The disk refused; what was there is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(AcmeState state)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var beside = $"{_path}.{Environment.ProcessId}.tmp";
        File.Delete(beside);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(beside, options))
            {
                JsonSerializer.Serialize(file, state, AcmeJson.Default.AcmeState);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, _path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
