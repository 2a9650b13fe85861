using Registry.Mirror.Upstreams;
using Registry.Storage.Content;
using Registry.Storage.Repositories;

namespace Registry.Mirror.Routing;

/// <summary>
/// Decides which repository of the store, and which upstream's, a client means by a name and an <c>ns</c> parameter. Thread-safe.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A name that begins with an upstream's host, or comes with its <c>ns</c>, means that upstream and never a local repository.</item>
/// <item>Any other name is local if it was pushed here or a pattern says so, else the default upstream's.</item>
/// <item>The default upstream's repositories lie in distribution's own place, unless that place is taken; all others under the upstream's host.</item>
/// </list>
/// </remarks>
public sealed class NameRouter
{
    private const string DockerHub = "docker.io";

    private readonly Dictionary<string, Upstream> _upstreams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hostDirectories = new(StringComparer.Ordinal);
    private readonly Upstream? _default;
    private readonly NamePattern[] _local;
    private readonly KindStore _kinds;
    private readonly string? _ownHost;

    /// <summary>A router over the configured upstreams.</summary>
    /// <param name="upstreams">Every upstream that may be asked.</param>
    /// <param name="defaultName">The name of the one that names without a host mean; null: none.</param>
    /// <param name="local">Names that are never asked upstream.</param>
    /// <param name="kinds">What the repositories of the store are.</param>
    /// <param name="ownHost">Our own public host: as <c>ns</c> it means no upstream. Null when it is not known.</param>
    public NameRouter(IEnumerable<Upstream> upstreams, string? defaultName, IEnumerable<NamePattern> local, KindStore kinds, string? ownHost)
    {
        foreach (var upstream in upstreams)
        {
            _upstreams.Add(upstream.Name, upstream);
            _hostDirectories.Add(HostDirectory(upstream.Name));
        }

        _default = defaultName is null ? null : _upstreams[defaultName];
        _local = [.. local];
        _kinds = kinds;
        _ownHost = ownHost;
    }

    /// <summary>Whether there is any upstream.</summary>
    public bool Mirrors => _upstreams.Count > 0;

    /// <summary>Resolves the name in a request's path and its <c>ns</c> parameter, neither of them trusted.</summary>
    public RouteResult Resolve(ReadOnlySpan<char> name, string? ns)
    {
        if (!string.IsNullOrEmpty(ns) && !string.Equals(ns, _ownHost, StringComparison.OrdinalIgnoreCase))
        {
            return FindUpstream(ns) is { } named
                ? ResolveAt(named, name)
                : RouteResult.Refuse(RouteRefusal.Unknown, "The registry named by ns is not mirrored here; it must be one of mirror.upstreams.");
        }

        var isName = RepositoryName.TryParse(name, out var bare);
        var slash = name.IndexOf('/');
        if (!(isName && IsLocal(bare!)) && slash > 0 && LooksLikeHost(name[..slash]) && FindUpstream(name[..slash].ToString()) is { } prefixed)
        {
            return ResolveAt(prefixed, name[(slash + 1)..]);
        }

        return isName
            ? ResolveBare(bare!)
            : Malformed();
    }

    /// <summary>
    /// Resolves the name of a push, which always means a local repository: what comes from an upstream cannot be pushed to, nor what every daemon that mirrors Docker
    /// Hub through us asks for (<c>library/…</c>), unless a pattern says that it is local.
    /// </summary>
    public RouteResult ResolvePush(ReadOnlySpan<char> name, string? ns)
    {
        var slash = name.IndexOf('/');
        if (!string.IsNullOrEmpty(ns) && !string.Equals(ns, _ownHost, StringComparison.OrdinalIgnoreCase))
        {
            return RouteResult.Refuse(RouteRefusal.Denied, "What comes with ns means another registry, and is only pulled here. Push to a name of this registry's own.");
        }

        var isName = RepositoryName.TryParse(name, out var repository);
        if (!(isName && IsLocal(repository!)) && slash > 0 && LooksLikeHost(name[..slash]) && FindUpstream(name[..slash].ToString()) is { } prefixed)
        {
            return RouteResult.Refuse(RouteRefusal.Denied, $"Names that begin with {prefixed.Name}/ are mirrored from there. Push to a name of this registry's own.");
        }

        if (!isName)
        {
            return Malformed();
        }

        if (!IsLocal(repository!))
        {
            if (_kinds.Find(repository!) is { IsLocal: false } kind)
            {
                return RouteResult.Refuse(
                    RouteRefusal.Denied, $"{repository} is mirrored from {kind.Upstream}. To keep images of your own under such names, add a pattern for them to mirror.local.");
            }

            if (_upstreams.ContainsKey(DockerHub) && repository!.Value.StartsWith("library/", StringComparison.Ordinal))
            {
                return RouteResult.Refuse(
                    RouteRefusal.Denied, "library/ is Docker Hub's own, and daemons that mirror through this registry ask for it. To push there, add a pattern for it to mirror.local.");
            }
        }

        return RouteResult.To(new Destination(repository!, null));
    }

    /// <summary>Gives a repository that is about to be pushed to its kind; false when it has become an upstream's in the meantime.</summary>
    public bool TryMakeLocal(RepositoryName name)
    {
        if (IsLocal(name))
        {
            _kinds.MakeLocal(name);
            return true;
        }

        return _kinds.Decide(name, RepositoryKind.Local).IsLocal;
    }

    /// <summary>The upstream that an <c>ns</c> parameter means; null when it means none.</summary>
    public string? UpstreamName(string ns) => ns.Length == 0 ? null : FindUpstream(ns)?.Name;

    /// <summary>Where what lies in a place of the store comes from: a place as the catalog lists it is one name, and never an alias of another.</summary>
    /// <returns>The upstream; null: it is local.</returns>
    public Upstream? UpstreamOf(RepositoryName place) =>
        IsLocal(place) || _kinds.Find(place)?.Upstream is not { } upstream ? null : _upstreams.GetValueOrDefault(upstream);

    /// <summary>Whether a pattern says that a name is never asked upstream.</summary>
    public bool IsLocal(RepositoryName name) => Array.Exists(_local, pattern => pattern.Matches(name));

    private RouteResult ResolveBare(RepositoryName name)
    {
        var kind = _kinds.Find(name);
        var slash = name.Value.AsSpan().IndexOf('/');
        if (_default is null || IsLocal(name) || kind is { IsLocal: true })
        {
            return RouteResult.To(new Destination(name, null));
        }

        // Docker Hub has no namespace that looks like a host: such a name means a registry that is not configured, and is not told to Docker Hub.
        if (_default.Name == DockerHub && slash > 0 && LooksLikeHost(name.Value.AsSpan(0, slash)) && kind is null)
        {
            return RouteResult.To(new Destination(name, null));
        }

        return ResolveAt(_default, name);
    }

    private RouteResult ResolveAt(Upstream upstream, ReadOnlySpan<char> name) =>
        RepositoryName.TryParse(name, out var repository)
            ? ResolveAt(upstream, repository)
            : RouteResult.Refuse(RouteRefusal.Malformed, $"The part of the name after {upstream.Name} is no repository name.");

    private RouteResult ResolveAt(Upstream upstream, RepositoryName name)
    {
        var repository = name;
        if (upstream.Name == DockerHub && !name.Value.Contains('/') && !RepositoryName.TryParse($"library/{name}", out repository))
        {
            return RouteResult.Refuse(RouteRefusal.Malformed, $"The name is too long to be one of {upstream.Name}.");
        }

        var origin = new Origin(upstream, repository);
        if (upstream == _default && !IsLocal(repository) && !IsUnderHost(repository) && IsFreeFor(upstream, repository))
        {
            return RouteResult.To(new Destination(repository, origin));
        }

        if (!RepositoryName.TryParse($"{HostDirectory(upstream.Name)}/{repository}", out var place))
        {
            return RouteResult.Refuse(RouteRefusal.Malformed, $"The name is too long to be kept under {upstream.Name}.");
        }

        if (IsLocal(place))
        {
            return RouteResult.Refuse(RouteRefusal.Unknown, $"The repository {place} is one of mirror.local, and names of those are never asked upstream.");
        }

        return IsFreeFor(upstream, place)
            ? RouteResult.To(new Destination(place, origin))
            : RouteResult.Refuse(RouteRefusal.Unknown, $"The repository {place} holds content that does not come from {upstream.Name}, and names of {upstream.Name} are answered from there alone.");
    }

    // The default upstream may have a repository whose name begins with another's host, or its own: in the place of that name lies what the host has.
    private bool IsUnderHost(RepositoryName repository) =>
        repository.Value.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && _hostDirectories.Contains(repository.Value[..slash]);

    // A port's colon cannot stand in a repository name.
    private static string HostDirectory(string host) => host.Replace(':', '_');

    private Upstream? FindUpstream(string host)
    {
        host = host.ToLowerInvariant();

        // The hosts under which clients know Docker Hub's API.
        return _upstreams.GetValueOrDefault(host is "registry-1.docker.io" or "index.docker.io" ? DockerHub : host);
    }

    private bool IsFreeFor(Upstream upstream, RepositoryName place) => _kinds.Find(place) is not { } kind || kind.IsFrom(upstream.Name);

    private static RouteResult Malformed() => RouteResult.Refuse(
        RouteRefusal.Malformed,
        "A repository name is made of lower-case letters and digits, with '.', '_', '-' between them and '/' between parts, at most 255 characters.");

    private static bool LooksLikeHost(ReadOnlySpan<char> component) => component.ContainsAny('.', ':') || component is "localhost";
}
