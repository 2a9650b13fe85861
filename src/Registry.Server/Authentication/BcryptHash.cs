using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Registry.Server.Authentication;

/// <summary>A bcrypt hash as it stands in an htpasswd file, known to be well-formed. Immutable.</summary>
public sealed record BcryptHash
{
    /// <summary>Smallest cost that bcrypt has.</summary>
    public const int MinCost = 4;

    /// <summary>Largest cost that is taken, as Apache's htpasswd: some seconds for each check.</summary>
    public const int MaxCost = 17;

    private const int Length = 60;

    private static readonly SearchValues<char> Characters = SearchValues.Create("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private BcryptHash(string text, int cost)
    {
        Text = text;
        Cost = cost;
    }

    /// <summary>The hash as it is written.</summary>
    public string Text { get; }

    /// <summary>The binary logarithm of its rounds.</summary>
    public int Cost { get; }

    /// <summary>Parses <c>$2a$</c>, <c>$2b$</c> or <c>$2y$</c>, a cost, and 53 characters of salt and hash.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out BcryptHash? hash)
    {
        hash = null;
        if (text.Length != Length
            || text[..4] is not ("$2a$" or "$2b$" or "$2y$")
            || text[6] != '$'
            || !int.TryParse(text.Slice(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
            || cost is < MinCost or > MaxCost
            || text[7..].ContainsAnyExcept(Characters))
        {
            return false;
        }

        hash = new BcryptHash(text.ToString(), cost);
        return true;
    }

    /// <summary>Makes the hash of a password with a new salt; as slow as the cost says.</summary>
    /// <param name="password">The password, at most 72 bytes of UTF-8: bcrypt sees no more.</param>
    /// <param name="cost">From <see cref="MinCost"/> to <see cref="MaxCost"/>.</param>
    public static BcryptHash Create(string password, int cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cost, MinCost);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, MaxCost);

        // Apache knows the same algorithm by this name.
        var text = BCrypt.Net.BCrypt.HashPassword(password, BCrypt.Net.BCrypt.GenerateSalt(cost, 'y'));
        return TryParse(text, out var hash) ? hash : throw new InvalidOperationException("bcrypt made no bcrypt hash.");
    }

    /// <summary>Whether it is the hash of a password; as slow as the cost says.</summary>
    public bool Matches(string password) => BCrypt.Net.BCrypt.Verify(password, Text);

    /// <summary>Says nothing of the hash.</summary>
    public override string ToString() => $"bcrypt, cost {Cost}";
}
