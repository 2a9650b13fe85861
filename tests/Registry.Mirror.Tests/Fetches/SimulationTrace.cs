using Microsoft.Extensions.Logging;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>What happened in a simulation: always as a fingerprint, as text if it is to be read. It is also the log of the code under test, and collects what was wrong.</summary>
internal sealed class SimulationTrace(bool keepsText) : ILogger
{
    private readonly List<string> _lines = [];
    private readonly List<string> _faults = [];

    /// <summary>Tells the time.</summary>
    public Func<TimeSpan> Clock { get; set; } = () => TimeSpan.Zero;

    /// <summary>Text that differs from run to run, left out of the fingerprint.</summary>
    public string Directory { get; set; } = "\n";

    /// <summary>The same for two runs in which the same happened.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>What should not have happened.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public void Add(string text)
    {
        text = text.Replace(Directory, "", StringComparison.Ordinal);
        Mix((ulong)Clock().Ticks);
        foreach (var letter in text)
        {
            Mix(letter);
        }

        if (keepsText)
        {
            _lines.Add($"{Clock().TotalSeconds,10:0.000} {text}");
        }
    }

    /// <summary>Notes what happens so often that its text is made only if it is read.</summary>
    public void AddBytes(string what, long first, long end)
    {
        if (keepsText)
        {
            Add($"{what} {first}-{end}");
        }
        else
        {
            Mix((ulong)Clock().Ticks);
            Mix((ulong)first);
            Mix((ulong)end);
        }
    }

    public void Fault(string text)
    {
        _faults.Add($"at {Clock().TotalSeconds:0.000} s: {text}");
        Add($"FAULT {text}");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add($"  log: {formatter(state, exception)}");

    private void Mix(ulong value) => Fingerprint = (Fingerprint ^ value) * 1099511628211;
}
