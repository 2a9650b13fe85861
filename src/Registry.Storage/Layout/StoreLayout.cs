using Registry.Storage.Content;
using Registry.Storage.Uploads;

namespace Registry.Storage.Layout;

/// <summary>
/// Makes every path of the store, and is the only place that does. Paths are made of parsed types alone, so none leaves the root. Immutable.
/// </summary>
/// <remarks>
/// <code>
/// ROOT/
///   scheduler-state.json                                     distribution was a mirror here
///   docker/registry/v2/
///     blobs/ALG/HH/HEX/data                                  complete, verified content; HH: the first two characters of HEX
///     repositories/NAME/
///       _layers/ALG/HEX/link                                 this repository has that blob; mtime: last use
///       _manifests/revisions/ALG/HEX/link                    this repository has that manifest; mtime: last use
///       _manifests/tags/TAG/current/link                     what the tag means; mtime: when the upstream last said so
///       _manifests/tags/TAG/index/ALG/HEX/link               what it ever meant
///       _uploads/ID/{data,startedat}                         pushes under way
///       _registry/kind                                       ours: local, mirrored UPSTREAM, inherited UPSTREAM
///       _registry/types/ALG/HEX                              ours: media type of a manifest whose JSON does not tell it
///       _registry/referrers/stamp                            ours: for which state of the revisions the index below is whole
///       _registry/referrers/ALG/HEX/ALG-HEX                  ours: the descriptor of a manifest whose subject is ALG/HEX
///   mirror/
///     lock                                                   held by the process that owns the store
///     control.sock                                           where commands speak to that process
///     partial/ALG/HEX/{data,map}                             a fetch under way, and which bytes of it are there
/// </code>
/// The tree under <c>docker/registry/v2</c> is distribution's (its <c>registry/storage/paths.go</c>); what begins with <c>_registry</c> is ours and is ignored there.
/// A link file holds the digest of the blob that it means, without a newline.
/// </remarks>
public sealed class StoreLayout
{
    private readonly string _blobs;
    private readonly string _repositories;
    private readonly string _mirror;

    /// <summary>The layout under a root directory.</summary>
    public StoreLayout(string root)
    {
        Root = Path.GetFullPath(root);
        _blobs = Path.Join(Root, "docker/registry/v2/blobs");
        _repositories = Path.Join(Root, "docker/registry/v2/repositories");
        _mirror = Path.Join(Root, "mirror");
    }

    /// <summary>The root, absolute.</summary>
    public string Root { get; }

    /// <summary>The directory above all repositories.</summary>
    public string Repositories => _repositories;

    /// <summary>The file whose lock says who owns the store.</summary>
    public string Lock => Path.Join(_mirror, "lock");

    /// <summary>The Unix socket over which commands speak to the process that owns the store.</summary>
    public string ControlSocket => Path.Join(_mirror, "control.sock");

    /// <summary>The directory above all fetches under way.</summary>
    public string Partials => Path.Join(_mirror, "partial");

    /// <summary>The file that distribution writes in proxy mode.</summary>
    public string SchedulerState => Path.Join(Root, "scheduler-state.json");

    /// <summary>The bytes of a complete blob.</summary>
    public string Blob(Digest digest)
    {
        var hex = digest.Hex;
        return Path.Join(_blobs, digest.Algorithm.Name(), hex.AsSpan(0, 2), $"{hex}/data");
    }

    /// <summary>The directory of a fetch under way.</summary>
    public string Partial(Digest digest) => Path.Join(Partials, digest.Algorithm.Name(), digest.Hex);

    /// <summary>The directory of a repository.</summary>
    public string Repository(RepositoryName name) => Path.Join(_repositories, name.Value);

    /// <summary>The directories that are a repository's own, and not those of repositories below it.</summary>
    public IEnumerable<string> Own(RepositoryName name) => [Layers(name), Manifests(name), Uploads(name), Path.GetDirectoryName(Kind(name))!];

    /// <summary>The directory of a repository's blob links.</summary>
    public string Layers(RepositoryName name) => Path.Join(_repositories, name.Value, "_layers");

    /// <summary>The link that says that a repository has a blob.</summary>
    public string Layer(RepositoryName name, Digest digest) => Path.Join(Layers(name), digest.Algorithm.Name(), digest.Hex, "link");

    /// <summary>The directory of a repository's manifests and tags; distribution takes a directory that has it for a repository.</summary>
    public string Manifests(RepositoryName name) => Path.Join(_repositories, name.Value, "_manifests");

    /// <summary>The link that says that a repository has a manifest.</summary>
    public string Revision(RepositoryName name, Digest digest) =>
        Path.Join(Manifests(name), "revisions", digest.Algorithm.Name(), $"{digest.Hex}/link");

    /// <summary>The directory of a repository's tags.</summary>
    public string Tags(RepositoryName name) => Path.Join(Manifests(name), "tags");

    /// <summary>The link that says what a tag means.</summary>
    public string TagCurrent(RepositoryName name, Tag tag) => Path.Join(Tags(name), tag.Value, "current/link");

    /// <summary>The link that says that a tag means, or meant, a manifest.</summary>
    public string TagIndex(RepositoryName name, Tag tag, Digest digest) =>
        Path.Join(Tags(name), tag.Value, "index", $"{digest.Algorithm.Name()}/{digest.Hex}/link");

    /// <summary>The directory of a repository's pushes under way.</summary>
    public string Uploads(RepositoryName name) => Path.Join(_repositories, name.Value, "_uploads");

    /// <summary>The directory of one push under way.</summary>
    public string Upload(RepositoryName name, UploadId id) => Path.Join(Uploads(name), id.ToString());

    /// <summary>The directory of what refers to what in a repository.</summary>
    public string Referrers(RepositoryName name) => Path.Join(_repositories, name.Value, "_registry/referrers");

    /// <summary>The directory of what refers to one manifest.</summary>
    public string Referrers(RepositoryName name, Digest subject) => Path.Join(Referrers(name), subject.Algorithm.Name(), subject.Hex);

    /// <summary>The directory of a repository's manifests of one algorithm; its mtime changes whenever one comes or goes.</summary>
    public string Revisions(RepositoryName name, DigestAlgorithm algorithm) => Path.Join(Manifests(name), "revisions", algorithm.Name());

    /// <summary>The file that says whether a repository is local or mirrored.</summary>
    public string Kind(RepositoryName name) => Path.Join(_repositories, name.Value, "_registry/kind");

    /// <summary>The file with the media type of a manifest whose JSON does not tell it.</summary>
    public string ManifestType(RepositoryName name, Digest digest) =>
        Path.Join(_repositories, name.Value, "_registry/types", $"{digest.Algorithm.Name()}/{digest.Hex}");
}
