using System.Globalization;

namespace Registry.Load.Servers;

/// <summary>The way to the upstream. Immutable.</summary>
/// <param name="PerConnection">Bytes a second on each connection; 0: no limit.</param>
/// <param name="Total">Bytes a second on all connections together; 0: no limit.</param>
/// <param name="RoundTrip">Waited before the headers of each answer.</param>
internal sealed record Link(long PerConnection, long Total, TimeSpan RoundTrip)
{
    /// <summary>Bytes a second that one connection gets.</summary>
    public long OneConnection => new[] { PerConnection, Total }.Where(static rate => rate > 0).DefaultIfEmpty(long.MaxValue).Min();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(PerConnection > 0 ? $"{PerConnection / 1e6:0} MB/s a connection" : $"{Total / 1e6:0} MB/s in all")}, {RoundTrip.TotalMilliseconds:0} ms");
}
