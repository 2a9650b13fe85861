using Registry.Testing;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>A directory that becomes what one power cut after another leaves: only what differs is written. Nobody else may change what it was given.</summary>
internal sealed class LeftDirectory : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private Dictionary<string, byte[]?> _files = [];

    /// <summary>Where it is.</summary>
    public string Path => _directory.Path;

    /// <summary>Becomes that.</summary>
    /// <param name="files">The paths below it with their bytes, which do not change; a directory has none, and comes before what is in it.</param>
    public void Become(Dictionary<string, byte[]?> files)
    {
        foreach (var (path, bytes) in _files.Reverse().Where(pair => !files.TryGetValue(pair.Key, out var next) || (next is null) != (pair.Value is null)))
        {
            if (bytes is null)
            {
                Directory.Delete(_directory.File(path), recursive: true);
            }
            else
            {
                File.Delete(_directory.File(path));
            }

            _files.Remove(path);
        }

        foreach (var (path, bytes) in files)
        {
            var isThere = _files.TryGetValue(path, out var last);
            if (bytes is null && !isThere)
            {
                Directory.CreateDirectory(_directory.File(path));
            }
            else if (bytes is not null && !ReferenceEquals(last, bytes))
            {
                using var file = File.OpenHandle(_directory.File(path), FileMode.Create, FileAccess.Write);
                RandomAccess.Write(file, bytes, 0);
            }
        }

        _files = files;
    }

    /// <summary>Writes again what lies below a directory, when it next becomes something: its user has changed it.</summary>
    public void Forget(string path)
    {
        if (Directory.Exists(_directory.File(path)))
        {
            Directory.Delete(_directory.File(path), recursive: true);
        }

        foreach (var below in _files.Keys.Where(file => file == path || file.StartsWith($"{path}/", StringComparison.Ordinal)).ToList())
        {
            _files.Remove(below);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();
}
