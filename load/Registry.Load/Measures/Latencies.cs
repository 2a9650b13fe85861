using HdrHistogram;

namespace Registry.Load.Measures;

/// <summary>Latencies of 1 µs to 10 minutes, to three digits. Thread-safe while they are recorded.</summary>
internal sealed class Latencies
{
    private const long Longest = 600_000_000;
    private const int Digits = 3;

    private readonly Lock _lock = new();
    private LongHistogram _histogram = new(Longest, Digits);

    public long Count => _histogram.TotalCount;

    public void Record(TimeSpan latency)
    {
        var microseconds = Math.Clamp((long)latency.TotalMicroseconds, 1, Longest);
        lock (_lock)
        {
            _histogram.RecordValue(microseconds);
        }
    }

    /// <summary>
    /// Adds what a closed model kept back: while an answer took longer than the median, others would have been asked, and would have waited for the rest of it.
    /// </summary>
    public void CorrectForCoordinatedOmission()
    {
        if (Count == 0)
        {
            return;
        }

        var expected = _histogram.GetValueAtPercentile(50);
        var corrected = new LongHistogram(Longest, Digits);
        foreach (var bar in _histogram.RecordedValues())
        {
            for (var i = 0; i < bar.CountAtValueIteratedTo; i++)
            {
                corrected.RecordValueWithExpectedInterval(bar.ValueIteratedTo, expected);
            }
        }

        _histogram = corrected;
    }

    /// <summary>In milliseconds; NaN when there are none.</summary>
    public double Percentile(double percentile) => Count == 0 ? double.NaN : _histogram.GetValueAtPercentile(percentile) / 1000.0;

    /// <summary>Adds those of another run.</summary>
    public void Add(Latencies other) => _histogram.Add(other._histogram);

    /// <summary>The histogram: upper ends of the bars, in milliseconds, and how many percent are in each. The bars have the same width on a logarithmic axis.</summary>
    public IReadOnlyList<(double Milliseconds, double Percent)> Histogram()
    {
        const int BarsPerDecade = 10;
        var shares = new SortedDictionary<int, long>();
        foreach (var bar in _histogram.RecordedValues())
        {
            var index = (int)Math.Ceiling(BarsPerDecade * Math.Log10(bar.ValueIteratedTo));
            shares[index] = shares.GetValueOrDefault(index) + bar.CountAtValueIteratedTo;
        }

        return shares.Count == 0
            ? []
            : [.. from index in Enumerable.Range(shares.Keys.First() - 1, shares.Keys.Last() - shares.Keys.First() + 3)
                  select (Math.Pow(10, index / (double)BarsPerDecade) / 1000, shares.GetValueOrDefault(index) * 100.0 / Count)];
    }
}
