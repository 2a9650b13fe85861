using Registry.Mirror.Upstreams;

namespace Registry.Mirror.Fetches;

/// <summary>What a fetch has learnt of one of its sources. Guarded by the fetch's lock.</summary>
internal sealed class FetchSource(IBlobSource source)
{
    /// <summary>Longest pause after a failure that names none itself.</summary>
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _etags = new(StringComparer.Ordinal);

    /// <summary>The source.</summary>
    public IBlobSource Source => source;

    /// <summary>Why it is not asked any more in this fetch; null while it is.</summary>
    public UpstreamFailure? Banned { get; set; }

    /// <summary>Failures since it last brought bytes.</summary>
    public int Failures { get; private set; }

    /// <summary>The time before which it is left alone.</summary>
    public DateTimeOffset NotBefore { get; private set; }

    /// <summary>Whether it has begun to send the blob at least once.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>Whether bytes of it are in the file.</summary>
    public bool HasContributed { get; private set; }

    /// <summary>Records that it brought bytes.</summary>
    public void Succeed()
    {
        HasContributed = true;
        Failures = 0;
    }

    /// <summary>Records a failure, after which it is left alone for as long as it asked for, or for a pause that doubles, with jitter so that fetches do not march in step.</summary>
    /// <remarks>Transfers that were under way together fail together: what comes during the pause is the same failure, not a further one.</remarks>
    public void Fail(UpstreamFailure failure, DateTimeOffset now, Random random)
    {
        if (Failures > 0 && now < NotBefore)
        {
            var asked = now + (failure.RetryAfter ?? TimeSpan.Zero);
            NotBefore = asked > NotBefore ? asked : NotBefore;
            return;
        }

        Failures++;
        var pause = TimeSpan.FromMilliseconds(250) * Math.Pow(2, Math.Min(Failures - 1, 10));
        var jittered = (pause > MaxPause ? MaxPause : pause) * (0.5 + (random.NextDouble() / 2));
        NotBefore = now + (failure.RetryAfter ?? jittered);
    }

    /// <summary>Compares the entity tag of a host with the one that it sent before; false when it has changed in the middle of the blob.</summary>
    public bool Agrees(string? host, string? etag)
    {
        if (host is null || etag is null)
        {
            return true;
        }

        return _etags.TryAdd(host, etag) || _etags[host] == etag;
    }
}
