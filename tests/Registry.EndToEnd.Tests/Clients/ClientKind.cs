namespace Registry.EndToEnd.Clients;

/// <summary>The clients that the mirror is tested with.</summary>
public enum ClientKind
{
    /// <summary>Docker's daemon with <c>registry-mirrors</c>.</summary>
    Docker,

    /// <summary>containerd with a <c>hosts.toml</c>, which sends <c>?ns=</c>.</summary>
    Containerd,

    /// <summary>podman with a mirror in <c>registries.conf</c>.</summary>
    Podman,

    /// <summary>buildah with the same.</summary>
    Buildah,

    /// <summary>skopeo, naming our server as the registry.</summary>
    Skopeo,
}
