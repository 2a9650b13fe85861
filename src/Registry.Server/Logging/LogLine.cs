namespace Registry.Server.Logging;

/// <summary>One event, before it is put into a form.</summary>
internal readonly record struct LogLine(
    DateTimeOffset Time, string Level, string Message, Exception? Exception, IReadOnlyList<KeyValuePair<string, object?>>? Values)
{
    /// <summary>The event's own fields: the names of its message's parts with a small first letter, and their values as text.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields()
    {
        foreach (var (name, value) in Values ?? [])
        {
            if (name != "{OriginalFormat}")
            {
                yield return new($"{char.ToLowerInvariant(name[0])}{name.AsSpan(1)}", Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
            }
        }

        if (Exception is not null)
        {
            yield return new("error", Exception.ToString());
        }
    }
}
