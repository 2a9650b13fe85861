using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace Registry.Bench;

/// <summary>The result that is kept: one Markdown file for each kind of job, the history of which is the repository's.</summary>
internal static class BenchReport
{
    /// <summary>The project's directory.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where what is not kept goes.</summary>
    public static string ArtifactsDirectory { get; } = Path.Join(Root, "artifacts", "bench");

    /// <summary>Writes a summary and gives the path of the file.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="isFull">Whether it is of the full job.</param>
    /// <param name="loadAverage">The machine's load before the start: on a busy machine only allocations can be believed.</param>
    public static string Write(Summary summary, bool isFull, string loadAverage)
    {
        var path = Path.Join(Root, "bench", "results", isFull ? "full.md" : "short.md");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new StreamWriter(path);
        file.WriteLine($"# Benchmarks, {(isFull ? "full" : "short")} job");
        file.WriteLine();
        file.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `bench/run{(isFull ? " --full" : "")}`; load average before the start {loadAverage}");
        file.WriteLine();
        MarkdownExporter.GitHub.ExportToLog(summary, new StreamLogger(file));
        return path;
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Join(directory.FullName, "Registry.Aot.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? Environment.CurrentDirectory;
    }
}
