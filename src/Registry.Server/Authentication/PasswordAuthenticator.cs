using System.Net;
using Microsoft.Extensions.Logging;
using Registry.Server.Access;

namespace Registry.Server.Authentication;

/// <summary>
/// Checks passwords against the users of the file: remembered answers first, then within the budgets, then by bcrypt. Thread-safe.
/// </summary>
internal sealed class PasswordAuthenticator(HtpasswdFile file, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How long a client waits when too many checks are under way.</summary>
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(1);

    // In the place of an unknown user's hash, so that looking for users by the time of an answer finds none.
    private static readonly BcryptHash[] Nobody = [.. Enumerable.Range(0, BcryptHash.MaxCost + 1).Select(MakeNobody)];

    private readonly PasswordWorkers _workers = new();
    private readonly PasswordCache _cache = new(time);
    private readonly LoginThrottle _throttle = new(time);
    private readonly Lock _gate = new();
    private readonly Dictionary<(CredentialKey, UserTable), Task<PasswordVerdict>> _underWay = [];
    private readonly RecentTable<ClientNetwork, bool> _told = new(64, TimeSpan.FromMinutes(10), time);

    /// <summary>The users of now.</summary>
    public UserTable Users => file.Users;

    /// <summary>Says whose credentials these are. Allocates nothing where the answer is remembered.</summary>
    /// <param name="credentials"><c>user:password</c>, as it came.</param>
    /// <param name="address">Where they come from.</param>
    public ValueTask<PasswordVerdict> CheckAsync(ReadOnlySpan<byte> credentials, IPAddress? address)
    {
        var users = file.Users;
        var key = _cache.KeyOf(credentials);
        if (_cache.Find(key, users, out var user) is { } isRight)
        {
            return new ValueTask<PasswordVerdict>(isRight ? new PasswordVerdict(user, TimeSpan.Zero) : PasswordVerdict.Wrong);
        }

        return BasicCredentials.TryPart(credentials, out user, out var password)
            ? new ValueTask<PasswordVerdict>(JoinAsync(key, users, user, password, address))
            : new ValueTask<PasswordVerdict>(PasswordVerdict.Wrong);
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    // Many requests of one client arrive at once with the same password: one check serves them all.
    private Task<PasswordVerdict> JoinAsync(CredentialKey key, UserTable users, string user, string password, IPAddress? address)
    {
        lock (_gate)
        {
            if (!_underWay.TryGetValue((key, users), out var check))
            {
                check = CheckAsync(key, users, user, password, address);
                _underWay.Add((key, users), check);
            }

            return check;
        }
    }

    private async Task<PasswordVerdict> CheckAsync(CredentialKey key, UserTable users, string user, string password, IPAddress? address)
    {
        // It must not end before it is in the table.
        await Task.Yield();
        try
        {
            var wait = _throttle.Charge(address, user);
            if (wait > TimeSpan.Zero)
            {
                TellHeldBack(address);
                return new PasswordVerdict(null, wait);
            }

            var entry = users.Find(user);
            if (!_workers.TryCheck(password, entry?.Hash ?? Nobody[users.UsualCost], out var outcome))
            {
                _throttle.Undo(address, user);
                return new PasswordVerdict(null, Busy);
            }

            var isRight = await outcome && entry is not null;
            _cache.Note(key, users, user, isRight);
            if (!isRight)
            {
                return PasswordVerdict.Wrong;
            }

            _throttle.Right(address, user);
            return new PasswordVerdict(entry!.Name, TimeSpan.Zero);
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove((key, users));
            }
        }
    }

    private void TellHeldBack(IPAddress? address)
    {
        var network = ClientNetwork.Of(address);
        if (!_told.TryFind(network, out _))
        {
            _told.Note(network, true);
            AuthenticationLog.HeldBack(logger, network.ToString());
        }
    }

    private static BcryptHash MakeNobody(int cost) =>
        BcryptHash.TryParse($"$2y${Math.Max(cost, BcryptHash.MinCost):00}${new string('.', 53)}", out var hash) ? hash : throw new InvalidOperationException("No hash.");
}
