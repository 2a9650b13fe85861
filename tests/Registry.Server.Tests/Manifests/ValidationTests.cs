using System.Collections.Immutable;
using System.Net;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Storage.Manifests;
using Xunit;

namespace Registry.Server.Tests.Manifests;

/// <summary>What of that which a manifest names must be there, as <c>validation</c> has it.</summary>
public sealed class ValidationTests
{
    private const string Name = "team/app";

    private static readonly Digest Absent = Digest.Of(DigestAlgorithm.Sha256, "absent"u8);
    private static readonly ImmutableArray<Platform> Listed = [new("linux", "amd64"), new("windows", "arm64")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("linux", "arm64", true)]
    [InlineData("windows", "amd64", true)]
    [InlineData("Linux", "amd64", true)]
    [InlineData("", "", true)]
    [InlineData("linux", "amd64", false)]
    [InlineData("windows", "arm64", false)]
    public async Task Push_IndexWithoutAManifest_IsTakenUnlessItsPlatformIsListed(string os, string architecture, bool isTaken)
    {
        await using var server = await PrivateServer.StartAsync(validation: new ValidationOptions { IndexPlatforms = Listed });
        await PushAsync(server, Index($",\"platform\":{{\"variant\":[{{\"os\":\"linux\"}}],\"architecture\":\"{architecture}\",\"os\":\"{os}\"}}"), isTaken);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"platform\":null")]
    [InlineData(",\"platform\":[\"linux\",\"amd64\"]")]
    [InlineData(",\"platform\":{\"os\":\"linux\"}")]
    [InlineData(",\"platform\":{\"os\":{\"os\":\"linux\"},\"architecture\":\"amd64\"}")]
    public async Task Push_IndexWithoutAManifestOfNoPlatform_IsTakenWhereSomeAreListed(string platform)
    {
        await using var server = await PrivateServer.StartAsync(validation: new ValidationOptions { IndexPlatforms = Listed });
        await PushAsync(server, Index(platform), isTaken: true);
    }

    [Fact]
    public async Task Push_SparseIndex_IsTakenAndServedWhereNoneMustBeThere()
    {
        await using var server = await PrivateServer.StartAsync(validation: new ValidationOptions { IndexPlatforms = [] });
        await PushAsync(server, Index(",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}"), isTaken: true);
        await PushAsync(server, ManifestJson.Image(Absent, 2, []), isTaken: false);
    }

    [Fact]
    public async Task Push_AnythingMissing_IsRefusedByDefault()
    {
        await using var server = await PrivateServer.StartAsync();
        await PushAsync(server, Index(",\"platform\":{\"os\":\"plan9\",\"architecture\":\"386\"}"), isTaken: false);
        await PushAsync(server, ManifestJson.Image(Absent, 2, []), isTaken: false);
    }

    [Fact]
    public async Task Push_AnythingMissing_IsTakenWhereNothingIsValidated()
    {
        await using var server = await PrivateServer.StartAsync(validation: new ValidationOptions { IsDisabled = true });
        await PushAsync(server, Index(""), isTaken: true);
        await PushAsync(server, ManifestJson.Image(Absent, 2, (Absent, 7)), isTaken: true);
    }

    private static string Index(string platform) =>
        $"{{\"schemaVersion\":2,\"mediaType\":\"{MediaType.OciIndex}\",\"manifests\":[{ManifestJson.Descriptor(MediaType.OciManifest, Absent, 7, platform)}]}}";

    private static async Task PushAsync(PrivateServer server, string json, bool isTaken)
    {
        using var api = new RegistryApi(server.Url);
        var answer = await api.PutManifestAsync(Name, "latest", json, Token, mediaType: null);
        if (!isTaken)
        {
            answer.ExpectError(HttpStatusCode.BadRequest, "MANIFEST_BLOB_UNKNOWN");
            return;
        }

        answer.Expect(HttpStatusCode.Created);
        Assert.Equal(json, (await api.GetAsync($"/v2/{Name}/manifests/latest", Token)).Expect(HttpStatusCode.OK).Text);
    }
}
