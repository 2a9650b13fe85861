using Microsoft.Extensions.Time.Testing;
using Registry.Mirror.Blobs;
using Registry.Mirror.Routing;
using Registry.Mirror.Upstreams;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Repositories;
using Registry.Testing;

namespace Registry.Mirror.Tests;

/// <summary>A mirror of scripted upstreams into a store of its own, with a clock that stands still until it is told otherwise.</summary>
internal sealed class TestMirror : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>A mirror whose default is docker.io.</summary>
    public TestMirror(ScriptedUpstream hub, ScriptedUpstream? github = null)
        : this(new MirrorOptions
        {
            Default = "docker.io",
            Upstreams = github is null ? [Options("docker.io", hub)] : [Options("docker.io", hub), Options("ghcr.io", github)],
        })
    {
    }

    public TestMirror(MirrorOptions options)
    {
        Store = Store.Open(new StorageOptions { RootDirectory = _directory.Path }, options.Default, Time);
        Pulls = new PullThrough(options, ownHost: null, Store, Time, Log);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public RecordingLogger Log { get; } = new();

    public Store Store { get; }

    public PullThrough Pulls { get; }

    public static UpstreamOptions Options(string name, params ReadOnlySpan<ScriptedUpstream> endpoints)
    {
        var urls = new List<EndpointOptions>();
        foreach (var endpoint in endpoints)
        {
            urls.Add(new EndpointOptions(endpoint.Url));
        }

        return new UpstreamOptions { Name = name, Endpoints = urls, StaleFor = TimeSpan.FromHours(1) };
    }

    /// <summary>Reads a blob to its end, as it comes.</summary>
    public static async Task<Digest> DigestOfAsync(BlobAnswer answer)
    {
        Assert.Null(answer.Failure);
        using var hasher = new ContentHasher(DigestAlgorithm.Sha256);
        var buffer = new byte[32 << 10];
        long available;
        while ((available = await answer.Content!.WaitAsync(hasher.Length, isClosed: false, TestContext.Current.CancellationToken)) > 0)
        {
            var read = RandomAccess.Read(answer.Content.File!, buffer.AsSpan(0, (int)Math.Min(available, buffer.Length)), hasher.Length);
            hasher.Append(buffer.AsSpan(0, read));
        }

        return hasher.Current();
    }

    public Destination To(string name) => Pulls.Names.Resolve(name, null).Destination!;

    /// <summary>Makes a repository local, as a push does.</summary>
    public RepositoryName MakeLocal(string name)
    {
        var repository = RepositoryName.Parse(name);
        Store.Kinds.Decide(repository, RepositoryKind.Local);
        return repository;
    }

    /// <summary>Whether there is nothing of a repository on the disk, not even its kind.</summary>
    public bool HasNothingOf(string name) => !Directory.Exists(Store.Layout.Repository(RepositoryName.Parse(name)));

    /// <summary>Waits until a blob is stored and linked: its readers have all of it a moment before.</summary>
    public async Task StoredAsync(string place, Digest digest)
    {
        while (Store.Layers.Find(RepositoryName.Parse(place), digest) is null || Store.Blobs.Length(digest) is null)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pulls.DisposeAsync();
        Store.Dispose();
        _directory.Dispose();
    }
}
