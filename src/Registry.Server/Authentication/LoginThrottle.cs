using System.Net;
using Registry.Server.Access;

namespace Registry.Server.Authentication;

/// <summary>
/// Slows the guessing of passwords: a check is charged to the client's address, to the pair of address and user name, and to the user name; one that turns out right
/// is given back. Thread-safe; its memory does not grow.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Nobody can be locked out from elsewhere: the budget of a name holds back only addresses that have been wrong about that name before.</item>
/// <item>A pair that was right within a day pays from its own budget alone, so that a neighbour behind the same address cannot lock it out either.</item>
/// <item>Names count whether there is such a user or not.</item>
/// </list>
/// </remarks>
internal sealed class LoginThrottle(TimeProvider time)
{
    /// <summary>Slots of each budget: 64 KiB each.</summary>
    private const int Slots = 8192;

    /// <summary>Most pairs that are known to have been right.</summary>
    private const int MaxKnown = 8192;

    private readonly RateSlots _addresses = new(Slots, burst: 10, TimeSpan.FromSeconds(5), time);
    private readonly RateSlots _pairs = new(Slots, burst: 5, TimeSpan.FromSeconds(10), time);
    private readonly RateSlots _names = new(Slots, burst: 20, TimeSpan.FromSeconds(2), time);
    private readonly RecentTable<(ClientNetwork Network, string User), bool> _known = new(MaxKnown, TimeSpan.FromDays(1), time);

    /// <summary>Whether a password may be checked now. Every check that may is to be told of with <see cref="Right"/> if it turns out right.</summary>
    /// <returns>Zero: it may. Else when to come back.</returns>
    public TimeSpan Charge(IPAddress? address, string user)
    {
        var network = ClientNetwork.Of(address);
        var (byAddress, byPair, byName) = Hashes(network, user);
        var isNew = !_pairs.IsTouched(byPair);
        var wait = _pairs.Spend(byPair);
        if (wait > TimeSpan.Zero || _known.TryFind((network, user), out _))
        {
            return wait;
        }

        wait = _addresses.Spend(byAddress);
        if (wait > TimeSpan.Zero)
        {
            _pairs.Return(byPair);
            return wait;
        }

        wait = _names.Spend(byName);
        if (wait > TimeSpan.Zero && !isNew)
        {
            _pairs.Return(byPair);
            _addresses.Return(byAddress);
            return wait;
        }

        return TimeSpan.Zero;
    }

    /// <summary>A check that was charged found the password right.</summary>
    public void Right(IPAddress? address, string user)
    {
        Undo(address, user);
        _known.Note((ClientNetwork.Of(address), user), true);
    }

    /// <summary>A check that was charged did not take place.</summary>
    public void Undo(IPAddress? address, string user)
    {
        var network = ClientNetwork.Of(address);
        var (byAddress, byPair, byName) = Hashes(network, user);
        _pairs.Return(byPair);
        if (!_known.TryFind((network, user), out _))
        {
            _addresses.Return(byAddress);
            _names.Return(byName);
        }
    }

    // Random for each process.
    private static (int Address, int Pair, int Name) Hashes(ClientNetwork network, string user) =>
        (HashCode.Combine(network), HashCode.Combine(network, user), HashCode.Combine(user));
}
