using System.Text;
using Registry.Load.Measures;

namespace Registry.Load.Reports;

/// <summary>A Markdown report.</summary>
internal sealed class Report(string title)
{
    private readonly StringBuilder _text = new StringBuilder("# ").AppendLine(title);

    public void Section(string heading) => _text.AppendLine().Append("## ").AppendLine(heading);

    public void Paragraph(string text) => _text.AppendLine().AppendLine(text);

    /// <summary>A table of medians and spreads: a row for each measure, a column for each server.</summary>
    public void Table(SampleTable table)
    {
        _text.AppendLine().Append("| |");
        foreach (var server in table.Servers)
        {
            _text.Append(' ').Append(server).Append(" |");
        }

        _text.AppendLine().Append("|---|").Insert(_text.Length, "---:|", table.Servers.Count).AppendLine();
        foreach (var (measure, format) in table.Measures)
        {
            _text.Append("| ").Append(measure).Append(" |");
            foreach (var server in table.Servers)
            {
                _text.Append(' ').Append(table.Of(measure, server).Show(format)).Append(" |");
            }

            _text.AppendLine();
        }
    }

    /// <summary>A table whose first row names the columns.</summary>
    public void Table(IEnumerable<string[]> rows)
    {
        _text.AppendLine();
        var heading = true;
        foreach (var row in rows)
        {
            _text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
            if (heading)
            {
                _text.Append('|').Insert(_text.Length, "---:|", row.Length).AppendLine();
                heading = false;
            }
        }
    }

    /// <summary>A picture beside the report.</summary>
    public void Picture(string file, string description) => _text.AppendLine().Append("![").Append(description).Append("](").Append(file).AppendLine(")");

    public async Task WriteAsync(string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, _text.ToString(), cancellation);
    }
}
