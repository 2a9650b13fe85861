namespace Registry.Storage.Uploads;

/// <summary>The name of an upload session: a UUID, as distribution gives them. Safe as the name of one directory. Immutable.</summary>
public readonly record struct UploadId
{
    private readonly Guid _value;

    private UploadId(Guid value) => _value = value;

    /// <summary>A name that nobody can guess.</summary>
    public static UploadId Create() => new(Guid.NewGuid());

    /// <summary>Parses a name; false for anything but a UUID in its usual form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UploadId id)
    {
        var valid = Guid.TryParseExact(text, "D", out var value);
        id = new UploadId(value);
        return valid;
    }

    /// <summary>The name as it stands in a URL.</summary>
    public override string ToString() => _value.ToString("D");
}
