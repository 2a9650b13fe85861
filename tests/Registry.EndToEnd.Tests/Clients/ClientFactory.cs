using Registry.Testing;

namespace Registry.EndToEnd.Clients;

/// <summary>Starts clients.</summary>
internal static class ClientFactory
{
    /// <summary>Starts a client whose docker.io is that server; everything that it keeps lies in the directory.</summary>
    public static async Task<IImageClient> StartAsync(
        ClientKind kind, string mirror, TemporaryDirectory directory, CancellationToken cancellationToken) => kind switch
        {
            ClientKind.Docker => await DockerClient.StartAsync(mirror, directory, cancellationToken),
            ClientKind.Containerd => await ContainerdClient.StartAsync(mirror, directory, cancellationToken),
            ClientKind.Podman => await PodmanClient.CreateAsync("podman", mirror, directory, cancellationToken),
            ClientKind.Buildah => await PodmanClient.CreateAsync("buildah", mirror, directory, cancellationToken),
            ClientKind.Skopeo => new SkopeoClient(mirror, directory),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
