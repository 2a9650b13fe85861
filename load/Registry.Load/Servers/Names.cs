namespace Registry.Load.Servers;

/// <summary>The servers as they stand in the report.</summary>
internal static class Names
{
    public const string Ours = "registry";
    public const string DockerRegistry = "docker-registry";
    public const string NginxStatic = "nginx, static files";
    public const string Pair = "nginx + docker-registry";
    public const string Hello = "slim hello";
}
