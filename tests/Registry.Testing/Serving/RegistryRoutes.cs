using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Registry.Storage.Content;
using Registry.Testing.Authentication;
using Registry.Testing.Images;
using Registry.Testing.Redirects;

namespace Registry.Testing.Serving;

/// <summary>The read half of the distribution API, as a correct registry answers it. Thread-safe.</summary>
internal sealed class RegistryRoutes(
    UpstreamContent content, Gatekeeper gatekeeper, SignedLinks links, RedirectStyle redirects, Func<string> cdn)
{
    private const string Root = "/v2/";

    public UpstreamResponse Answer(HttpContext context, string? range)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "/";
        if (path.StartsWith("/signed/", StringComparison.Ordinal))
        {
            return links.Answer(context, range);
        }

        if (path is "/v2" or Root)
        {
            return gatekeeper.Refuse(request, null) ?? UpstreamResponse.Of(200, new MemoryContent("{}"), "application/json");
        }

        // From the right: a repository's name may itself contain these words.
        var parts = path.Split('/');
        if (!path.StartsWith(Root, StringComparison.Ordinal) || parts.Length < 5)
        {
            return UpstreamResponse.Error(404, "NAME_INVALID", "no such route");
        }

        var name = string.Join('/', parts[2..^2]);
        if (gatekeeper.Refuse(request, name) is { } refusal)
        {
            return refusal;
        }

        if (content.Find(name) is not { } repository)
        {
            return UpstreamResponse.Error(404, "NAME_UNKNOWN", "no such repository");
        }

        return parts[^2] switch
        {
            "manifests" => Manifest(repository, parts[^1]),
            "blobs" => Blob(repository, path, parts[^1], range),
            "tags" when parts[^1] == "list" => Tags(repository, name, request.Query),
            _ => UpstreamResponse.Error(404, "NAME_INVALID", "no such route"),
        };
    }

    private static UpstreamResponse Manifest(UpstreamRepository repository, string reference)
    {
        if (!repository.TryResolve(reference, out var digest))
        {
            return UpstreamResponse.Error(404, "MANIFEST_UNKNOWN", "no such manifest");
        }

        var (mediaType, manifest) = repository.Manifests[digest];
        var response = UpstreamResponse.Of(200, manifest, mediaType);
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        return response;
    }

    private UpstreamResponse Blob(UpstreamRepository repository, string path, string reference, string? range)
    {
        if (!Digest.TryParse(reference, out var digest) || !repository.Blobs.TryGetValue(digest, out var blob))
        {
            return UpstreamResponse.Error(404, "BLOB_UNKNOWN", "no such blob");
        }

        switch (redirects)
        {
            case RedirectStyle.Cdn:
                return UpstreamResponse.Redirect(cdn() + links.Sign(digest));
            case RedirectStyle.Relative:
                return UpstreamResponse.Redirect(links.Sign(digest));
            case RedirectStyle.Loop:
                return UpstreamResponse.Redirect(path);
            default:
                var response = UpstreamResponse.Blob(blob, range);
                response.Headers["Docker-Content-Digest"] = digest.ToString();
                return response;
        }
    }

    private static UpstreamResponse Tags(UpstreamRepository repository, string name, IQueryCollection query)
    {
        var last = query["last"].ToString();
        var rest = repository.Tags.Keys.Where(t => string.CompareOrdinal(t, last) > 0).Order(StringComparer.Ordinal).ToArray();
        var limit = int.TryParse(query["n"], CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue;
        var page = rest.Take(limit).Select(t => $"\"{JsonEncodedText.Encode(t)}\"").ToArray();
        var response = UpstreamResponse.Of(
            200, new MemoryContent($$"""{"name":"{{name}}","tags":[{{string.Join(',', page)}}]}"""), "application/json");
        if (page.Length > 0 && page.Length < rest.Length)
        {
            response.Headers["Link"] = $"</v2/{name}/tags/list?last={Uri.EscapeDataString(rest[page.Length - 1])}&n={limit}>; rel=\"next\"";
        }

        return response;
    }
}
