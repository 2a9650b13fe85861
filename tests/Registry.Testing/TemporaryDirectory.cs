namespace Registry.Testing;

/// <summary>An empty directory of its own that is deleted with everything in it when disposed.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes the directory under the system's place for temporary files.</summary>
    public TemporaryDirectory()
    {
        Path = Directory.CreateTempSubdirectory("registry-test-").FullName;
    }

    /// <summary>The directory's absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of a name inside it; creates nothing.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes and names a directory inside it.</summary>
    public string Subdirectory(string name) => Directory.CreateDirectory(File(name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
