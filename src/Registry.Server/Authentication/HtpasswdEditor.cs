using System.Text;

namespace Registry.Server.Authentication;

/// <summary>Changes the text of an htpasswd file, and nothing in it but the lines of one user. Pure.</summary>
public static class HtpasswdEditor
{
    /// <summary>The text with a user's password: in the place of the user's first line, or at the end.</summary>
    public static string Set(string text, HtpasswdEntry entry)
    {
        var line = $"{entry.Name}:{entry.Hash.Text}";
        var edited = Replace(text, entry.Name, line, out var wasThere);
        if (wasThere)
        {
            return edited;
        }

        var separator = text.Length == 0 || text[^1] == '\n' ? "" : "\n";
        return $"{text}{separator}{line}\n";
    }

    /// <summary>The text without a user.</summary>
    public static string Remove(string text, string user, out bool wasThere) => Replace(text, user, null, out wasThere);

    private static string Replace(string text, string user, string? line, out bool wasThere)
    {
        wasThere = false;
        var edited = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            var current = end < 0 ? rest : rest[..(end + 1)];
            rest = rest[current.Length..];
            if (!IsOf(current, user))
            {
                edited.Append(current);
                continue;
            }

            if (!wasThere && line is not null)
            {
                edited.Append(line).Append('\n');
            }

            wasThere = true;
        }

        return edited.ToString();
    }

    private static bool IsOf(ReadOnlySpan<char> line, string user)
    {
        line = line.TrimStart();
        var colon = line.IndexOf(':');
        return colon > 0 && line[..colon].SequenceEqual(user);
    }
}
