using CsCheck;
using Registry.Server.Routes;
using Xunit;

namespace Registry.Server.Tests.Routes;

public sealed class OciRouteTests
{
    [Theory]
    [InlineData("/v2", OciRouteKind.Base, "", "")]
    [InlineData("/v2/", OciRouteKind.Base, "", "")]
    [InlineData("/v2/_catalog", OciRouteKind.Catalog, "", "")]
    [InlineData("/v2/a/manifests/latest", OciRouteKind.Manifest, "a", "latest")]
    [InlineData("/v2/a/b/manifests/sha256:00", OciRouteKind.Manifest, "a/b", "sha256:00")]
    [InlineData("/v2/a/manifests/", OciRouteKind.Manifest, "a", "")]
    [InlineData("/v2/a/b/blobs/sha256:00", OciRouteKind.Blob, "a/b", "sha256:00")]
    [InlineData("/v2/a/b/tags/list", OciRouteKind.Tags, "a/b", "")]
    [InlineData("/v2/a/b/referrers/sha256:00", OciRouteKind.Referrers, "a/b", "sha256:00")]
    [InlineData("/v2/a/blobs/uploads", OciRouteKind.Upload, "a", "")]
    [InlineData("/v2/a/blobs/uploads/", OciRouteKind.Upload, "a", "")]
    [InlineData("/v2/a/blobs/uploads/id", OciRouteKind.Upload, "a", "id")]
    [InlineData("/v2/blobs/manifests/latest", OciRouteKind.Manifest, "blobs", "latest")]
    [InlineData("/v2/manifests/manifests/manifests", OciRouteKind.Manifest, "manifests", "manifests")]
    [InlineData("/v2/tags/list/tags/list", OciRouteKind.Tags, "tags/list", "")]
    [InlineData("/v2/uploads/blobs/sha256:00", OciRouteKind.Blob, "uploads", "sha256:00")]
    [InlineData("/v2/a/blobs/uploads/manifests/latest", OciRouteKind.Manifest, "a/blobs/uploads", "latest")]
    [InlineData("/v2/a/blobs/uploads/blobs/uploads/id", OciRouteKind.Upload, "a/blobs/uploads", "id")]
    [InlineData("/v2/a/tags/blobs/uploads/", OciRouteKind.Upload, "a/tags", "")]
    [InlineData("/v2/a/referrers/tags/list", OciRouteKind.Tags, "a/referrers", "")]
    [InlineData("/v2/localhost:5000/a/manifests/latest", OciRouteKind.Manifest, "localhost:5000/a", "latest")]
    public void Parse_Resource_IsTakenApartFromTheRight(string path, OciRouteKind kind, string name, string reference)
    {
        var route = OciRoute.Parse(path);
        Assert.Equal(kind, route.Kind);
        Assert.Equal(name, route.Name.ToString());
        Assert.Equal(reference, route.Reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1/")]
    [InlineData("/v20/")]
    [InlineData("/V2/")]
    [InlineData("v2/a/manifests/latest")]
    [InlineData("/v2/a")]
    [InlineData("/v2/manifests/latest")]
    [InlineData("/v2/blobs/uploads/")]
    [InlineData("/v2/tags/list")]
    [InlineData("/v2/a/tags")]
    [InlineData("/v2/a/tags/other")]
    [InlineData("/v2/a/manifests")]
    [InlineData("/v2/a/uploads/id")]
    [InlineData("/v2/_catalog/a")]
    [InlineData("/v2/a/manifests/latest/")]
    [InlineData("/v2/a/manifests/b/c")]
    public void Parse_AnythingElse_IsNone(string path) => Assert.Equal(OciRouteKind.None, OciRoute.Parse(path).Kind);

    [Fact]
    public void Parse_AnyPath_GivesPartsOfItAndNeverThrows() =>
        Gen.OneOf(Gen.String, Gen.OneOf<string>("/", "//", "v2", "a", "blobs", "manifests", "tags", "list", "uploads", "referrers", "_catalog", "..", ":", "\0")
            .Array[0, 12].Select(parts => "/v2/" + string.Join('/', parts))).Sample(path =>
        {
            var route = OciRoute.Parse(path);
            return (route.Name.IsEmpty || path.AsSpan().Overlaps(route.Name)) && (route.Reference.IsEmpty || path.AsSpan().Overlaps(route.Reference))
                && !route.Reference.Contains('/') && (route.Kind > OciRouteKind.Base || route.Name.IsEmpty);
        });
}
