using Registry.Mirror.Upstreams;

namespace Registry.Mirror;

/// <summary>When a copy goes out that the upstream has not confirmed.</summary>
internal static class StaleCopy
{
    /// <summary>How long a client that could have a copy waits for the upstream.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a copy goes out: not when the upstream says that there is nothing of the kind; while it refuses us, until the copy is <see cref="UpstreamOptions.StaleFor"/> old.
    /// </summary>
    /// <param name="failure">What the upstream answers; null: nothing within <see cref="Patience"/>.</param>
    /// <param name="age">For how long the copy has not been confirmed.</param>
    /// <param name="options">The upstream's.</param>
    public static bool MayGoOut(UpstreamFailure? failure, TimeSpan age, UpstreamOptions options) => failure?.Kind switch
    {
        UpstreamFailureKind.NotFound => false,
        UpstreamFailureKind.Unauthorized => age < options.StaleFor,
        _ => true,
    };
}
