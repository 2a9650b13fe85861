using System.Text.RegularExpressions;
using Registry.Testing.Processes;

namespace Registry.EndToEnd.Servers;

/// <summary>
/// Watches a process's system calls and tells, for every answer that it sends, what a power cut at that moment would undo. At a 201: bytes that were given a name before
/// they were synced, and names whose directory was not synced after them. At a 202: names that were removed, and whose directory was not synced after that.
/// </summary>
internal sealed partial class DiskTrace : IAsyncDisposable
{
    private const string Calls = "trace=fsync,fdatasync,rename,mkdir,unlink,rmdir,write,pwrite64,pwritev,sendto,sendmsg";

    private readonly Daemon _strace;
    private readonly string _file;
    private readonly string _root;

    private DiskTrace(Daemon strace, string file, string root)
    {
        _strace = strace;
        _file = file;
        _root = root;
    }

    /// <summary>Begins to watch; what happens in the data directory counts.</summary>
    public static async Task<DiskTrace> AttachAsync(RegistryProcess server, string file, string root, CancellationToken cancellationToken)
    {
        var strace = Daemon.Start("strace", ["-f", "-y", "-e", Calls, "-o", file, "-p", $"{server.Process.Id}"]);
        await strace.WaitUntilAsync(_ => Task.FromResult(strace.Said.Contains(" attached", StringComparison.Ordinal)), cancellationToken);
        return new DiskTrace(strace, file, root);
    }

    /// <summary>How many 201s were sent and names removed, and what was not safe at an answer; to be called when the process has ended.</summary>
    public async Task<(int Created, int Removed, IReadOnlyList<string> Unsafe)> ReadAsync(CancellationToken cancellationToken)
    {
        await _strace.WaitForExitAsync(cancellationToken);
        var dirty = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<string>();
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var (created, removals) = (0, 0);
        await foreach (var call in CallsAsync(cancellationToken))
        {
            var paths = Paths().Matches(call).Select(static match => match.Groups["path"].Value).Where(IsContent).ToList();
            switch (call[..call.IndexOf('(', StringComparison.Ordinal)])
            {
                case "write" or "pwrite64" or "pwritev" when paths is [var written, ..]:
                    dirty.Add(written);
                    break;
                case "mkdir" when paths is [var made] && call.EndsWith("= 0", StringComparison.Ordinal):
                    names.Add(made);
                    break;
                case "unlink" or "rmdir" when paths is [var gone] && call.EndsWith("= 0", StringComparison.Ordinal):
                    removed.RemoveWhere(name => name.StartsWith($"{gone}/", StringComparison.Ordinal));
                    removed.Add(gone);
                    removals++;
                    break;
                case "rename" when paths is [var from, var to]:
                    found.AddRange(dirty.Remove(from) ? [$"{to} was named before its bytes were synced"] : Array.Empty<string>());
                    names.Add(to);
                    break;
                case "fsync" or "fdatasync" when paths is [var synced]:
                    dirty.Remove(synced);
                    names.RemoveWhere(name => Path.GetDirectoryName(name) == synced);
                    removed.RemoveWhere(name => Path.GetDirectoryName(name) == synced);
                    break;
                case "sendto" or "sendmsg" when call.Contains("\"HTTP/1.1 201", StringComparison.Ordinal):
                    created++;
                    found.AddRange(names.Select(name => $"{name} was not synced in its directory before the 201"));
                    break;
                case "sendto" or "sendmsg" when call.Contains("\"HTTP/1.1 202", StringComparison.Ordinal):
                    found.AddRange(removed.Select(name => $"that {name} is gone was not synced in its directory before the 202"));
                    break;
            }
        }

        return (created, removals, found);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _strace.DisposeAsync();

    // What an upload holds need not outlive a power cut, and the index of referrers is made anew after one.
    private bool IsContent(string path) =>
        path.StartsWith(_root, StringComparison.Ordinal)
        && !path.Contains("/_registry/referrers", StringComparison.Ordinal)
        && (!path.Contains("/_uploads/", StringComparison.Ordinal) || path.EndsWith("/data", StringComparison.Ordinal));

    // A call that another thread's came in between of stands in two lines: it counts where it ends.
    private async IAsyncEnumerable<string> CallsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Unfinished = " <unfinished ...>";
        var begun = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var line in File.ReadLinesAsync(_file, cancellationToken))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (thread, call) = (line[..space], line[space..].Trim());
            if (call.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                begun[thread] = call[..^Unfinished.Length];
            }
            else if (call.StartsWith("<... ", StringComparison.Ordinal))
            {
                yield return begun[thread] + call[(call.IndexOf('>', StringComparison.Ordinal) + 1)..];
            }
            else if (call.Contains('(', StringComparison.Ordinal))
            {
                yield return call;
            }
        }
    }

    [GeneratedRegex("[<\"](?<path>/[^>\"]*)[>\"]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Paths();
}
