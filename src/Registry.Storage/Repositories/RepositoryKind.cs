
namespace Registry.Storage.Repositories;

/// <summary>Whose content a repository holds, and from which upstream. It never changes by itself. Immutable.</summary>
public sealed record RepositoryKind
{
    private RepositoryKind(RepositoryKindName name, string? upstream)
    {
        Name = name;
        Upstream = upstream;
    }

    /// <summary>The kind of what was pushed here.</summary>
    public static RepositoryKind Local { get; } = new(RepositoryKindName.Local, null);

    /// <summary>Which of the three.</summary>
    public RepositoryKindName Name { get; }

    /// <summary>The name of the upstream; null exactly for a local repository.</summary>
    public string? Upstream { get; }

    /// <summary>Whether it was pushed here.</summary>
    public bool IsLocal => Name == RepositoryKindName.Local;

    /// <summary>The kind of what we bring from that upstream.</summary>
    public static RepositoryKind Mirrored(string upstream) => new(RepositoryKindName.Mirrored, upstream);

    /// <summary>The kind of what distribution brought from that upstream.</summary>
    public static RepositoryKind Inherited(string upstream) => new(RepositoryKindName.Inherited, upstream);

    /// <summary>Whether the content is that upstream's.</summary>
    public bool IsFrom(string upstream) => string.Equals(Upstream, upstream, StringComparison.Ordinal);

    /// <summary>Reads the one line of a kind file; null when it is none of ours.</summary>
    public static RepositoryKind? Parse(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        var space = line.IndexOf(' ');
        if (space < 0)
        {
            return line is "local" ? Local : null;
        }

        var upstream = line[(space + 1)..].Trim();
        return upstream.IsEmpty ? null : line[..space] switch
        {
            "mirrored" => Mirrored(upstream.ToString()),
            "inherited" => Inherited(upstream.ToString()),
            _ => null,
        };
    }

    /// <summary>The one line of a kind file.</summary>
    public override string ToString() => Name switch
    {
        RepositoryKindName.Local => "local",
        RepositoryKindName.Mirrored => $"mirrored {Upstream}",
        _ => $"inherited {Upstream}",
    };
}
