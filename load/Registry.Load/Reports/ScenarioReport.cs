namespace Registry.Load.Reports;

/// <summary>What one scenario came to.</summary>
/// <param name="name">The scenario, as it is called on the command line.</param>
/// <param name="title">What it shows.</param>
/// <param name="judges">Whether thresholds of time and size count; those of correctness always do.</param>
internal sealed class ScenarioReport(string name, string title, bool judges)
{
    private readonly List<ReportSection> _sections = [];
    private readonly List<Threshold> _thresholds = [];

    public string Name { get; } = name;

    public string Title { get; } = title;

    public IReadOnlyList<ReportSection> Sections => _sections;

    public IReadOnlyList<Threshold> Thresholds => _thresholds;

    public ReportSection Section(string heading, string text)
    {
        var section = new ReportSection(heading, text);
        _sections.Add(section);
        return section;
    }

    /// <summary>A goal that is an upper bound.</summary>
    public void AtMost(string text, double value, double bound) => Judge(new Threshold(text, value, AtMost: true, bound));

    /// <summary>A goal that is a lower bound.</summary>
    public void AtLeast(string text, double value, double bound) => Judge(new Threshold(text, value, AtMost: false, bound));

    /// <summary>Something of which there must be none, however short the run.</summary>
    public void None(string text, double count) => _thresholds.Add(new Threshold(text, count, AtMost: true, 0));

    private void Judge(Threshold threshold)
    {
        if (judges)
        {
            _thresholds.Add(threshold);
        }
    }
}
