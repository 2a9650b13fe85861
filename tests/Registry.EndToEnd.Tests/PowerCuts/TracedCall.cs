namespace Registry.EndToEnd.PowerCuts;

/// <summary>One end of a system call as strace tells of it: what it does has happened some time between the two.</summary>
/// <param name="Thread">Who called.</param>
/// <param name="Name">The call's name.</param>
/// <param name="IsOver">Whether it has returned.</param>
/// <param name="Open">What the first descriptor stands for: a path, or a socket; null when there is none.</param>
/// <param name="Strings">Its strings in order, as the bytes that they are.</param>
/// <param name="Words">Its other arguments in order.</param>
/// <param name="Result">What it returned; -1 when it failed, 0 when it is not over.</param>
internal sealed record TracedCall(
    string Thread, string Name, bool IsOver, string? Open, IReadOnlyList<byte[]> Strings, IReadOnlyList<string> Words, long Result)
{
    /// <summary>Whether it has returned, and not in vain.</summary>
    public bool HasSucceeded => IsOver && Result >= 0;

    /// <summary>The strings in one.</summary>
    public byte[] Bytes => Strings.Count == 1 ? Strings[0] : [.. Strings.SelectMany(static bytes => bytes)];

    /// <summary>A string that is a path.</summary>
    public string Path(int index) => System.Text.Encoding.UTF8.GetString(Strings[index]);

    /// <summary>An argument that is a number, counted from the last.</summary>
    public long NumberFromEnd(int index) => long.Parse(Words[^(index + 1)], System.Globalization.CultureInfo.InvariantCulture);
}
