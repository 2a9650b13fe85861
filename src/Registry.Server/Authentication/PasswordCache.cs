using System.Security.Cryptography;

namespace Registry.Server.Authentication;

/// <summary>
/// Remembers which credentials were right or wrong a short while ago, so that bcrypt is paid once. It holds no password: see <see cref="CredentialKey"/>. Thread-safe.
/// </summary>
/// <remarks>An answer holds for the version of the users that it was found with; another version forgets all.</remarks>
internal sealed class PasswordCache(TimeProvider time)
{
    /// <summary>Most right answers, and as many wrong ones, about 1 MB: wrong ones, which anybody can make, cannot drive out right ones.</summary>
    public const int MaxEntries = 4096;

    /// <summary>How long a right answer is remembered.</summary>
    public static readonly TimeSpan RightFor = TimeSpan.FromMinutes(5);

    /// <summary>How long a wrong one is.</summary>
    public static readonly TimeSpan WrongFor = TimeSpan.FromMinutes(1);

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly RecentTable<CredentialKey, (UserTable Users, string User)> _right = new(MaxEntries, RightFor, time);
    private readonly RecentTable<CredentialKey, UserTable> _wrong = new(MaxEntries, WrongFor, time);
    private UserTable? _version;

    /// <summary>What credentials are remembered by.</summary>
    public CredentialKey KeyOf(ReadOnlySpan<byte> credentials) => CredentialKey.Of(_secret, credentials);

    /// <summary>What is remembered; null: nothing. Allocates nothing.</summary>
    /// <param name="key">The credentials.</param>
    /// <param name="users">The users of now.</param>
    /// <param name="user">Whose credentials they are, when they are right.</param>
    public bool? Find(CredentialKey key, UserTable users, out string user)
    {
        user = "";
        if (_right.TryFind(key, out var right) && ReferenceEquals(right.Users, users))
        {
            user = right.User;
            return true;
        }

        return _wrong.TryFind(key, out var version) && ReferenceEquals(version, users) ? false : null;
    }

    /// <summary>Remembers an answer.</summary>
    public void Note(CredentialKey key, UserTable users, string user, bool isRight)
    {
        if (!ReferenceEquals(Interlocked.Exchange(ref _version, users), users))
        {
            // Not only not believed any more: an old version's hashes are not to stay in memory.
            _right.Clear();
            _wrong.Clear();
        }

        if (isRight)
        {
            _right.Note(key, (users, user));
        }
        else
        {
            _wrong.Note(key, users);
        }
    }
}
