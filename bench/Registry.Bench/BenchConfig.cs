using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Registry.Bench;

/// <summary>How every benchmark runs.</summary>
internal static class BenchConfig
{
    /// <summary>
    /// The short job takes minutes for all benchmarks, in this process: enough to see an allocation or a factor, not a few per cent. The full job runs each benchmark in
    /// processes of its own.
    /// </summary>
    public static IConfig Create(bool isFull) =>
        ManualConfig.CreateEmpty()
            .AddJob(isFull ? Job.Default : Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumn(TargetMethodColumn.Type, TargetMethodColumn.Method, StatisticColumn.Mean, StatisticColumn.StdDev)
            .AddColumnProvider(DefaultColumnProviders.Params, DefaultColumnProviders.Metrics)
            .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(ConsoleLogger.Default)
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile)
            .WithArtifactsPath(BenchReport.ArtifactsDirectory);
}
