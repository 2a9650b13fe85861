using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>One case of the slow upstream. Immutable.</summary>
/// <param name="Size">Bytes of the layer.</param>
/// <param name="Readers">Clients that ask for it at once.</param>
/// <param name="Link">The way to the upstream.</param>
/// <param name="OursAlone">Leaves out the others, because another case says of them the same.</param>
internal sealed record SlowPull(long Size, int Readers, Link Link, bool OursAlone = false)
{
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(250);

    /// <summary>To see that everything works.</summary>
    public static SlowPull[] Smoke { get; } = [new(1_000_000, 1, new Link(8_000_000, 0, TimeSpan.FromMilliseconds(20)))];

    /// <summary>Some minutes in all.</summary>
    public static SlowPull[] Normal { get; } =
    [
        new(16_000_000, 1, Each(8, Near)),
        new(16_000_000, 4, Each(8, Near)),
        new(16_000_000, 16, Each(8, Near)),
        new(16_000_000, 64, Each(8, Near)),
        new(16_000_000, 1, Each(8, Far)),
        new(16_000_000, 4, Each(8, Far)),
        new(256_000_000, 1, Each(8, Near)),
        new(256_000_000, 4, Each(8, Near), OursAlone: true),
        new(256_000_000, 1, Each(8, Far), OursAlone: true),
        new(256_000_000, 1, Each(32, Near)),
    ];

    /// <summary>Every pace, round trip, size and number of readers: hours.</summary>
    public static SlowPull[] Full { get; } =
    [
        .. from rate in new[] { 2, 8, 32 }
           from roundTrip in new[] { Near, Far }
           from size in new[] { 16_000_000L, 256_000_000, 2_000_000_000 }
           from readers in new[] { 1, 4, 16, 64 }
           where readers < 64 || size < 100_000_000
           select new SlowPull(size, readers, Each(rate, roundTrip)),
    ];

    public override string ToString() => $"{Size / 1_000_000} MB, {Link}, {Readers} {(Readers == 1 ? "reader" : "readers")}";

    private static Link Each(long megabytes, TimeSpan roundTrip) => new(megabytes * 1_000_000, 0, roundTrip);
}
