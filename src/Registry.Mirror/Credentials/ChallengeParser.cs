using System.Buffers;
using System.Text;

namespace Registry.Mirror.Credentials;

/// <summary>
/// Parses <c>WWW-Authenticate</c> from whoever sends it: never throws, and what cannot be read ends the list. Longest header: <see cref="LongestHeader"/>
/// characters; most challenges: <see cref="MostChallenges"/>.
/// </summary>
internal ref struct ChallengeParser
{
    /// <summary>Longer headers are not read: the longest in use, with several scopes, are far below.</summary>
    public const int LongestHeader = 8 * 1024;

    /// <summary>Further challenges are not read.</summary>
    public const int MostChallenges = 16;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private ReadOnlySpan<char> _rest;

    private ChallengeParser(ReadOnlySpan<char> header) => _rest = header;

    /// <summary>The challenges of one header value, up to the first that cannot be read.</summary>
    public static IReadOnlyList<Challenge> Parse(ReadOnlySpan<char> header)
    {
        var challenges = new List<Challenge>();
        if (header.Length > LongestHeader)
        {
            return challenges;
        }

        var parser = new ChallengeParser(header);
        while (challenges.Count < MostChallenges && parser.ReadChallenge() is { } challenge)
        {
            challenges.Add(challenge);
        }

        return challenges;
    }

    private Challenge? ReadChallenge()
    {
        SkipSeparators();
        var scheme = ReadToken();
        if (scheme.IsEmpty || (!_rest.IsEmpty && _rest[0] is not (' ' or '\t' or ',')))
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        SkipSpace();
        if (!IsAtParameter())
        {
            SkipToken68();
        }

        while (IsAtParameter())
        {
            var name = ReadToken();
            SkipSpace();
            _rest = _rest[1..]; // '=', as IsAtParameter has seen
            SkipSpace();
            if (ReadValue() is not { } value)
            {
                return null;
            }

            parameters.TryAdd(name.ToString().ToLowerInvariant(), value);
            SkipSpace();
            if (!_rest.IsEmpty && _rest[0] != ',')
            {
                return null;
            }

            SkipSeparators();
        }

        return new Challenge(scheme.ToString(), parameters);
    }

    // "name =", but not "abc==" or "abc=" at an end, which are a token68.
    private readonly bool IsAtParameter()
    {
        var ahead = this;
        if (ahead.ReadToken().IsEmpty)
        {
            return false;
        }

        ahead.SkipSpace();
        if (ahead._rest.IsEmpty || ahead._rest[0] != '=')
        {
            return false;
        }

        ahead._rest = ahead._rest[1..];
        ahead.SkipSpace();
        return !ahead._rest.IsEmpty && ahead._rest[0] is not ('=' or ',');
    }

    private void SkipToken68()
    {
        var end = _rest.IndexOf(',');
        _rest = end < 0 ? default : _rest[end..];
    }

    private ReadOnlySpan<char> ReadToken()
    {
        var length = _rest.IndexOfAnyExcept(TokenCharacters);
        var token = length < 0 ? _rest : _rest[..length];
        _rest = _rest[token.Length..];
        return token;
    }

    private string? ReadValue()
    {
        if (!_rest.IsEmpty && _rest[0] == '"')
        {
            return ReadQuoted();
        }

        // Some servers leave the quotes off a realm, which is then no token: anything up to a comma or a space is taken.
        var length = _rest.IndexOfAny(" \t,\"");
        var value = length < 0 ? _rest : _rest[..length];
        _rest = _rest[value.Length..];
        return value.IsEmpty ? null : value.ToString();
    }

    private string? ReadQuoted()
    {
        var value = new StringBuilder();
        for (var i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == '"')
            {
                _rest = _rest[(i + 1)..];
                return value.ToString();
            }

            if (_rest[i] == '\\' && ++i == _rest.Length)
            {
                break;
            }

            value.Append(_rest[i]);
        }

        return null;
    }

    private void SkipSpace() => _rest = _rest.TrimStart(" \t");

    private void SkipSeparators() => _rest = _rest.TrimStart(" \t,");
}
