using Registry.Load.Measures;

namespace Registry.Load.Simulations;

/// <summary>What a load came to.</summary>
/// <param name="Steps">In the order given.</param>
/// <param name="Elapsed">From the start to the end of the last run.</param>
/// <param name="Received">Bytes over time, those of unfinished answers included.</param>
/// <param name="GeneratorCpu">CPU-seconds of this process meanwhile.</param>
internal sealed record LoadResult(IReadOnlyList<StepStats> Steps, TimeSpan Elapsed, Throughput Received, double GeneratorCpu)
{
    public int Failed => Steps.Sum(static step => step.Failed);

    public int Ok => Steps.Sum(static step => step.Ok);

    /// <summary>What went wrong first, for the console; null when nothing did.</summary>
    public string? FirstError => Steps.SelectMany(static step => step.Errors.Keys.Select(error => $"{step.Name}: {error}")).FirstOrDefault();
}
