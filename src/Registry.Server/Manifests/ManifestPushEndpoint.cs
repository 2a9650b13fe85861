using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Registry.Mirror.Routing;
using Registry.Server.Problems;
using Registry.Server.Requests;
using Registry.Storage;
using Registry.Storage.Content;
using Registry.Storage.Manifests;

namespace Registry.Server.Manifests;

/// <summary>PUT of <c>/v2/NAME/manifests/REFERENCE</c> (OCI distribution specification, "Pushing Manifests"). Thread-safe.</summary>
internal sealed class ManifestPushEndpoint(Store store, NameRouter names, RequestBody body, Locations locations, WriteOptions options, ILogger logger)
{
    /// <summary>Most tags of one push by digest; the specification asks for ten.</summary>
    private const int MaxTags = 100;

    /// <summary>Stores the manifest, if everything that it is made of, as far as that is wanted, is there.</summary>
    /// <param name="context">The request.</param>
    /// <param name="place">The repository that is pushed to.</param>
    /// <param name="name">Its name as the client wrote it.</param>
    /// <param name="reference">The tag or the digest.</param>
    public async Task PutAsync(HttpContext context, RepositoryName place, string name, Reference reference)
    {
        if (!TryReadTags(context.Request, reference, out var tags))
        {
            await context.WriteProblemAsync(tags.Count > MaxTags ? ProblemTable.TooManyTags : ProblemTable.TagInvalid);
            return;
        }

        if (await body.ReadAsync(context, options.MaxManifestBytes) is not { } content)
        {
            await context.WriteProblemAsync(ProblemTable.ManifestTooLarge(options.MaxManifestBytes));
            return;
        }

        var digest = Digest.Of(reference.Tag is null ? reference.Digest.Algorithm : DigestAlgorithm.Sha256, content);
        if (reference.Tag is null && reference.Digest != digest)
        {
            await context.WriteProblemAsync(ProblemTable.DigestDiffers);
            return;
        }

        if (Check(context.Request.ContentType, content, out var manifest, out var mediaType) is { } invalid)
        {
            await context.WriteProblemAsync(invalid);
            return;
        }

        var stored = new StoredManifest(digest, mediaType, content) { Parsed = manifest };
        if (await store.Threads.RunAsync(() => Store(place, stored, tags)) is { } problem)
        {
            await context.WriteProblemAsync(problem);
            return;
        }

        ServerLog.ManifestPushed(logger, place, reference.ToString(), digest);
        WriteCreated(context, name, digest, manifest!, reference.Tag is null ? tags : []);
    }

    // Why not, if it cannot be. What it names stays while it is looked for and linked.
    private Problem? Store(RepositoryName place, StoredManifest manifest, List<Tag> tags)
    {
        Problem? problem = null;
        store.Repositories.Push(place, () =>
        {
            problem = FindMissing(place, manifest.Parsed!) is { } missing ? ProblemTable.ManifestBlobUnknown(missing)
                : !names.TryMakeLocal(place) ? ProblemTable.Denied($"{place} has become a mirrored repository in the meantime.")
                : null;
            if (problem is null)
            {
                store.Manifests.Put(place, manifest, tags);
            }
        });
        return problem;
    }

    private Problem? Check(string? contentType, byte[] content, out Manifest? manifest, out string mediaType)
    {
        mediaType = "";
        manifest = ManifestReader.Read(content, (options.Validation.IndexPlatforms ?? []).AsSpan());
        if (manifest is null || manifest.SchemaVersion != 2 || manifest.IsMalformed || (!manifest.IsIndex && !manifest.HasConfig))
        {
            return ProblemTable.ManifestInvalid("It must be a JSON object with schemaVersion 2 and either a config or a list of manifests, and every descriptor in it whole.");
        }

        if (manifest.IsIndex && (manifest.HasConfig || manifest.HasLayers))
        {
            return ProblemTable.ManifestInvalid("It has both a list of manifests and a config or layers: clients would not agree on what it is.");
        }

        var stated = contentType?.Split(';', 2)[0].Trim();
        if (!string.IsNullOrEmpty(stated) && !MediaType.IsWellFormed(stated))
        {
            return ProblemTable.ManifestInvalid("The Content-Type is no media type.");
        }

        if (!string.IsNullOrEmpty(stated) && manifest.StatedMediaType is not null && manifest.StatedMediaType != stated)
        {
            return ProblemTable.ManifestInvalid($"The Content-Type is {stated}, and the manifest says of itself that it is {manifest.StatedMediaType}.");
        }

        mediaType = manifest.StatedMediaType ?? (string.IsNullOrEmpty(stated) ? manifest.MediaType : stated);
        return null;
    }

    private Digest? FindMissing(RepositoryName place, Manifest manifest)
    {
        foreach (var part in manifest.Contents)
        {
            // BuildKit's cache was an index of layers once: what stands where a manifest should may be a blob.
            if (MustBeHere(part) && !(part.Kind == ManifestPartKind.Manifest && store.Manifests.Has(place, part.Digest)) && !HasBlob(place, part.Digest))
            {
                return part.Digest;
            }
        }

        return null;
    }

    private bool MustBeHere(in ManifestPart part) =>
        !options.Validation.IsDisabled
        && !part.IsForeign
        && (part.Kind != ManifestPartKind.Manifest || options.Validation.IndexPlatforms is null || part.IsOfPlatform);

    private bool HasBlob(RepositoryName place, Digest digest) =>
        store.Layers.Find(place, digest) is { } target && store.Blobs.Length(target) is not null;

    private static bool TryReadTags(HttpRequest request, Reference reference, out List<Tag> tags)
    {
        tags = reference.Tag is { } own ? [own] : [];
        if (reference.Tag is not null)
        {
            return true;
        }

        foreach (var text in request.Query["tag"])
        {
            if (!Tag.TryParse(text, out var tag))
            {
                return false;
            }

            tags.Add(tag);
        }

        return tags.Count <= MaxTags;
    }

    private void WriteCreated(HttpContext context, string name, Digest digest, Manifest manifest, List<Tag> tags)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentLength = 0;
        response.Headers.Location = locations.Of(context, $"{name}/manifests/{digest}");
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        if (manifest.Subject is { } subject)
        {
            response.Headers["OCI-Subject"] = subject.ToString();
        }

        if (tags.Count > 0)
        {
            response.Headers["OCI-Tag"] = string.Join(", ", tags);
        }
    }
}
