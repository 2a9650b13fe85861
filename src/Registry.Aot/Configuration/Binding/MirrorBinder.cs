using Registry.Aot.Configuration.Schema;
using Registry.Aot.Configuration.Tree;
using Registry.Mirror;
using Registry.Mirror.Fetches;
using Registry.Mirror.Upstreams;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>mirror</c> and <c>proxy</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class MirrorBinder(Diagnostics found)
{
    private readonly UpstreamBinder _upstreams = new(found);

    /// <summary>Binds both sections. Without either, a file means a plain private registry, and no file a mirror of Docker Hub.</summary>
    public MirrorOptions Bind(SectionReader root, bool hasFile)
    {
        var mirror = root.Section("mirror");
        var listed = BindListed(mirror);
        var proxy = BindProxy(root, mirror, listed);
        List<UpstreamOptions> upstreams = [.. listed.Select(pair => pair.Upstream)];
        if (proxy is not null)
        {
            upstreams.Insert(0, proxy);
        }

        var @default = HasProxy(root) ? proxy?.Name : BindDefault(mirror, upstreams);
        var isMirror = root.Entry("mirror") is not null || !hasFile;
        if (isMirror && !HasProxy(root) && @default is null && upstreams.Count == 0)
        {
            @default = UpstreamBinder.DockerHub;
        }

        if (@default == UpstreamBinder.DockerHub && !upstreams.Exists(upstream => upstream.Name == @default))
        {
            upstreams.Add(new UpstreamOptions { Name = @default, Endpoints = [UpstreamBinder.DefaultEndpoint(@default)] });
        }

        return new MirrorOptions
        {
            Default = @default,
            Upstreams = upstreams,
            Local = [.. mirror.Texts("local")],
            Fetch = BindFetch(mirror.Section("fetch")),
        };
    }

    /// <summary>
    /// Whether <c>proxy</c> is the first upstream. Images and compose files write all its variables, empty where there is none: that counts as not written.
    /// </summary>
    public static bool HasProxy(SectionReader root) => root.Entry("proxy") is { } entry && Switch.IsOn(entry.Value);

    private List<(UpstreamOptions Upstream, Origin Origin)> BindListed(SectionReader mirror)
    {
        var listed = new List<(UpstreamOptions Upstream, Origin Origin)>();
        foreach (var section in mirror.Sections("upstreams"))
        {
            if (_upstreams.Bind(section) is not { } upstream)
            {
                continue;
            }

            var origin = section.Entry("name")!.Value.Origin;
            var first = listed.Find(other => other.Upstream.Name == upstream.Name);
            if (first.Upstream is not null)
            {
                found.Error(origin, $"mirror.upstreams: '{upstream.Name}' stands here a second time; the first is at {first.Origin}");
                continue;
            }

            listed.Add((upstream, origin));
        }

        return listed;
    }

    private UpstreamOptions? BindProxy(SectionReader root, SectionReader mirror, List<(UpstreamOptions Upstream, Origin Origin)> listed)
    {
        if (!HasProxy(root))
        {
            return null;
        }

        var entry = root.Entry("proxy")!;

        var proxy = _upstreams.BindProxy(root.Section("proxy"), entry.Origin);
        if (mirror.Entry("default") is { } @default)
        {
            found.Error(@default.Origin, $"mirror.default stands beside proxy at {entry.Origin}, which says the same; expected one of them");
        }

        var same = listed.Find(other => other.Upstream.Name == proxy?.Name);
        if (same.Upstream is not null)
        {
            found.Error(same.Origin, $"mirror.upstreams has '{same.Upstream.Name}', and so has proxy at {entry.Origin}; expected one of them");
        }

        return proxy;
    }

    private string? BindDefault(SectionReader mirror, List<UpstreamOptions> upstreams)
    {
        var written = mirror.Text("default")?.ToLowerInvariant();
        if (written is null)
        {
            return upstreams.Exists(upstream => upstream.Name == UpstreamBinder.DockerHub) ? UpstreamBinder.DockerHub : null;
        }

        var names = upstreams.Select(upstream => upstream.Name).ToList();
        if (written != UpstreamBinder.DockerHub && !names.Contains(written))
        {
            var nearest = NearestName.Find(written, names) is { } name ? $"; the nearest known one is '{name}'" : "";
            found.Error(mirror.Entry("default")!.Value.Origin, $"mirror.default: '{written}' is not among mirror.upstreams; expected the name of one of them{nearest}");
        }

        return written;
    }

    private static FetchOptions BindFetch(SectionReader fetch)
    {
        var defaults = new FetchOptions();
        return new FetchOptions
        {
            Connections = fetch.Integer("connections") ?? defaults.Connections,
            PerUpstream = fetch.Integer("perupstream") ?? defaults.PerUpstream,
            Total = fetch.Integer("total") ?? defaults.Total,
            MinSegment = fetch.Size("minsegment") ?? defaults.MinSegment,
            StallTimeout = fetch.Duration("stalltimeout") ?? defaults.StallTimeout,
            RetryFor = fetch.Duration("retryfor") ?? defaults.RetryFor,
            Finish = fetch.Flag("finish") ?? defaults.Finish,
            PartialTtl = fetch.Duration("partialttl") ?? defaults.PartialTtl,
        };
    }
}
