using BenchmarkDotNet.Running;
using Registry.Bench;
using Registry.Bench.Allocations;

if (args is ["--allocations"])
{
    AllocationTable.Write(AllocationTable.Measure());
    Console.WriteLine(AllocationTable.Path);
    return;
}

// BenchmarkDotNet's own arguments pass through: --filter '*Digest*', --list flat.
var isFull = args.Contains("--full", StringComparer.Ordinal);
var loadAverage = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
var config = BenchConfig.Create(isFull);
var passed = args.Where(arg => arg != "--full").ToArray();
var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchConfig).Assembly).Run(passed.Length > 0 ? passed : ["--filter", "*"], config);
foreach (var summary in summaries)
{
    Console.WriteLine(BenchReport.Write(summary, isFull, loadAverage));
}
