using System.Runtime.CompilerServices;
using System.Text;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>Every system call of a server that changes its disk, and what it hears and says on its sockets, with all their bytes.</summary>
internal static class CallTrace
{
    private const string Unfinished = "<unfinished ...>";

    // What is not known here is left out, but sync_file_range: it promises nothing. LossyDisk refuses those that it does not know.
    private const string Calls =
        "trace=open,creat,openat,write,writev,pwrite64,pwritev,pwritev2,copy_file_range,ftruncate,truncate,fallocate,fsync,fdatasync,syncfs,sync,msync,"
        + "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir";

    private const string Messages = ",sendto,sendmsg,recvfrom,recvmsg";

    /// <summary>The command that runs another one under watch. The process that it becomes is the other's: it can be told to end, and killed.</summary>
    /// <param name="file">Where it is written down.</param>
    /// <param name="withMessages">Whether what is heard and said on sockets is, too.</param>
    public static IReadOnlyList<string> Command(string file, bool withMessages) =>
        ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-s", $"{64 << 20}", "-e", withMessages ? Calls + Messages : Calls, "-e", "signal=none", "-o", file];

    /// <summary>The calls in their order, each twice: when it began and when it was over.</summary>
    public static async IAsyncEnumerable<TracedCall> ReadAsync(string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var begun = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new StreamReader(file, Encoding.Latin1);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (thread, text) = (line[..space], line[space..].Trim());
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                begun[thread] = text[..^Unfinished.Length];
                yield return TraceLine.Read(thread, begun[thread], isOver: false);
            }
            else if (text.StartsWith("<... ", StringComparison.Ordinal))
            {
                begun.Remove(thread, out var first);
                yield return TraceLine.Read(thread, first + text[(text.IndexOf('>', StringComparison.Ordinal) + 1)..], isOver: true);
            }
            else if (text.Contains('(', StringComparison.Ordinal))
            {
                var call = TraceLine.Read(thread, text, isOver: true);
                yield return call with { IsOver = false, Result = 0 };
                yield return call;
            }
        }
    }
}
