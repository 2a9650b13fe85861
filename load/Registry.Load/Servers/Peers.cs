namespace Registry.Load.Servers;

/// <summary>The executables that take part. Immutable.</summary>
/// <param name="Registry">Ours.</param>
/// <param name="DockerRegistry">Debian's <c>docker-registry</c>.</param>
/// <param name="Nginx">Debian's <c>nginx</c>.</param>
/// <param name="Hello">The hello-world server.</param>
internal sealed record Peers(string Registry, string DockerRegistry, string Nginx, string Hello);
