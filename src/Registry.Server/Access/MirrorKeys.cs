using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Registry.Server.Access;

/// <summary>Finds mirror keys in paths and texts. Immutable.</summary>
internal sealed class MirrorKeys(IReadOnlyList<MirrorKey> keys)
{
    /// <summary>What stands in a log in the place of a key.</summary>
    private const string Hidden = "-";

    private const string Api = "/v2/";

    /// <summary>Whether there are any.</summary>
    public bool Any => keys.Count > 0;

    /// <summary>
    /// Cuts a key out of a decoded path that begins with a slash: <c>/KEY/v2/…</c> (the way of dockerd and containerd) or <c>/v2/KEY/…</c> (the way of podman, skopeo and
    /// BuildKit).
    /// </summary>
    /// <param name="path">The path after the configured prefix.</param>
    /// <param name="rest">The path without the key; the same path when there is none in it.</param>
    /// <returns>The key; null: there is none in it. Which key it is not, the time does not tell.</returns>
    public MirrorKey? Cut(string path, out string rest)
    {
        rest = path;
        var isAfterApi = path.StartsWith(Api, StringComparison.Ordinal);
        var start = isAfterApi ? Api.Length : 1;
        var end = path.IndexOf('/', Math.Min(start, path.Length));
        if (end < 0 || Find(path.AsSpan(start, end - start)) is not { } key)
        {
            return null;
        }

        if (!isAfterApi && !path.AsSpan(end).StartsWith(Api) && !path.AsSpan(end).SequenceEqual("/v2"))
        {
            return null;
        }

        rest = isAfterApi ? string.Concat(Api, path.AsSpan(end + 1)) : path[end..];
        return key;
    }

    /// <summary>Whether a name, such as that of a token's scope, begins with a key; gives the name without it.</summary>
    public bool TryCutName(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        var slash = name.IndexOf('/');
        var isCut = slash > 0 && Find(name[..slash]) is not null;
        rest = isCut ? name[(slash + 1)..] : name;
        return isCut;
    }

    /// <summary>A text from a client as it may be logged: without keys, also where they are written in percent signs.</summary>
    public string Hide(string text)
    {
        foreach (var key in keys)
        {
            text = text.Replace(key.Secret, Hidden, StringComparison.OrdinalIgnoreCase);
        }

        if (keys.Count > 0 && text.Contains('%', StringComparison.Ordinal))
        {
            var decoded = text;
            for (var layer = 0; layer < 2; layer++)
            {
                decoded = Uri.UnescapeDataString(decoded);
                foreach (var key in keys)
                {
                    if (decoded.Contains(key.Secret, StringComparison.OrdinalIgnoreCase))
                    {
                        return Hidden;
                    }
                }
            }
        }

        return text;
    }

    private MirrorKey? Find(ReadOnlySpan<char> text)
    {
        if (!MirrorKey.IsWellFormed(text))
        {
            return null;
        }

        MirrorKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(text), MemoryMarshal.AsBytes(key.Secret.AsSpan())))
            {
                found = key;
            }
        }

        return found;
    }
}
