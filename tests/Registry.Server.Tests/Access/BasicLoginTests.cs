using System.Net;
using Registry.Server.Access;
using Xunit;

namespace Registry.Server.Tests.Access;

/// <summary>A private registry where every client has a password: the scheme is Basic.</summary>
public sealed class BasicLoginTests
{
    private const string Manifest = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"a/b","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0},"layers":[]}""";

    [Theory]
    [InlineData("/v2/")]
    [InlineData("/v2/team/app/manifests/1")]
    [InlineData("/v2/team/app/tags/list")]
    [InlineData("/v2/_catalog")]
    [InlineData("/v2/no/such/tags/list")]
    [InlineData("/v2/team/app/referrers/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task Get_WithoutOrWithAWrongPassword_Is401WithOneChallenge(string path)
    {
        await using var guarded = await Guarded.StartAsync();
        guarded.Server.AddManifest(Guarded.Team, "1", Manifest);
        foreach (var headers in new (string, string)[][] { [], [Guarded.Basic("ci", "wrong")], [Guarded.Basic("nobody", "ci-pass")], [Guarded.Basic("", "")], [("Authorization", "Basic !")], [("Authorization", "Bearer x")] })
        {
            using var response = await guarded.Server.GetAsync(path, headers);
            await response.ExpectProblemAsync(401, "UNAUTHORIZED");
            Assert.Equal("Basic realm=\"here\"", Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
        }
    }

    [Fact]
    public async Task Get_WithTheRightPassword_IsServed()
    {
        await using var guarded = await Guarded.StartAsync();
        guarded.Server.AddManifest(Guarded.Team, "1", Manifest);

        Assert.Equal(200, await guarded.StatusAsync("/v2/", Guarded.Basic("ci")));
        Assert.Equal(200, await guarded.StatusAsync("/v2/team/app/manifests/1", Guarded.Basic("ci")));
        Assert.Equal(404, await guarded.StatusAsync("/v2/token", Guarded.Basic("ci")));
        Assert.Equal(200, await guarded.StatusAsync("/"));
        Assert.Contains(await guarded.Server.AccessLinesAsync(2), line => line.StartsWith("127.0.0.1 - ci [", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_TwoAuthorizationHeaders_Is401()
    {
        await using var guarded = await Guarded.StartAsync();

        var answer = await guarded.Server.SendRawAsync(
            $"GET /v2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: {Guarded.Basic("ci").Value}\r\nAuthorization: {Guarded.Basic("ci").Value}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/team%2Fsecret/manifests/1")]
    [InlineData("/v2/team/app/../secret/manifests/1")]
    [InlineData("/v2/./team/secret/manifests/1")]
    [InlineData("//v2/team/secret/manifests/1")]
    [InlineData("/v2//team/secret/manifests/1")]
    [InlineData("/v2/team/app%2F..%2Fsecret/manifests/1")]
    [InlineData("/%76%32/team/secret/manifests/1")]
    [InlineData("http://a/v2/team/secret/manifests/1")]
    [InlineData("/v2/team/SECRET/manifests/1")]
    public async Task Get_PathTricks_OpenNothing(string target)
    {
        await using var guarded = await Guarded.StartAsync(access: new AccessOptions { Rules = [Guarded.Rule(["reader"], "team/app", RepositoryActions.Pull)] });
        guarded.Server.AddManifest("team/secret", "1", Manifest);
        guarded.Server.AddManifest(Guarded.Team, "1", Manifest);

        var answer = await guarded.Server.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: {Guarded.Basic("reader").Value}\r\n\r\n");

        Assert.Matches("^HTTP/1.1 40[0134]", answer);
        Assert.DoesNotContain("schemaVersion", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_WithRules_AreHeldAgainstThem()
    {
        await using var guarded = await Guarded.StartAsync(access: new AccessOptions { Rules = Guarded.Rules[..3] });
        guarded.Server.AddManifest(Guarded.Team, "1", Manifest);
        guarded.Server.AddManifest("other/app", "1", Manifest);

        Assert.Equal(200, await guarded.StatusAsync("/v2/team/app/manifests/1", Guarded.Basic("reader")));
        Assert.Equal(403, await guarded.StatusAsync("/v2/other/app/manifests/1", Guarded.Basic("reader")));
        Assert.Equal(403, await guarded.StatusAsync("/v2/no/such/manifests/1", Guarded.Basic("reader")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(guarded, "reader"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(guarded, "ci"));
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync(guarded, "ci"));
        Assert.Equal(HttpStatusCode.Accepted, await DeleteAsync(guarded, "admin"));
    }

    [Fact]
    public async Task Catalog_ListsWhatTheCallerMayPull()
    {
        await using var guarded = await Guarded.StartAsync(access: new AccessOptions { Rules = Guarded.Rules[..3] });
        guarded.Server.AddManifest(Guarded.Team, "1", Manifest);
        guarded.Server.AddManifest("other/app", "1", Manifest);
        guarded.Server.AddManifest("team/zoo", "1", Manifest);

        Assert.Equal("""{"repositories":["other/app","team/app","team/zoo"]}""", await CatalogAsync(guarded, "admin", ""));
        Assert.Equal("""{"repositories":["team/app","team/zoo"]}""", await CatalogAsync(guarded, "ci", ""));
        Assert.Equal("""{"repositories":["team/app"]}""", await CatalogAsync(guarded, "ci", "?n=1"));
        Assert.Equal("""{"repositories":["team/app"]}""", await CatalogAsync(guarded, "reader", ""));
    }

    [Theory]
    [InlineData("&from=other/app")]
    [InlineData("")]
    public async Task Mount_FromWhatTheCallerMayNotPull_DoesNotMount(string from)
    {
        await using var guarded = await Guarded.StartAsync(access: new AccessOptions { Rules = Guarded.Rules[..3] });
        var digest = guarded.Server.AddBlob("other/app", "secret"u8);

        using var refused = await guarded.Server.SendAsync(HttpMethod.Post, $"/v2/team/app/blobs/uploads/?mount={digest}{from}", Guarded.Basic("ci"));
        using var mounted = await guarded.Server.SendAsync(HttpMethod.Post, $"/v2/team/app/blobs/uploads/?mount={digest}{from}", Guarded.Basic("admin"));

        Assert.Equal(HttpStatusCode.Accepted, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
    }

    [Fact]
    public async Task Upload_OfAnotherUser_IsUnknown()
    {
        await using var guarded = await Guarded.StartAsync(access: new AccessOptions { Rules = Guarded.Rules[..3] });
        using var begun = await guarded.Server.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/", Guarded.Basic("ci"));
        var location = begun.Header("Location")!;

        using var stranger = await guarded.Server.GetAsync(location, Guarded.Basic("admin"));
        await stranger.ExpectProblemAsync(404, "BLOB_UPLOAD_UNKNOWN");
        Assert.Equal(204, await guarded.StatusAsync(location, Guarded.Basic("ci")));
    }

    [Fact]
    public async Task WrongPasswords_AreSlowed_AndRightOnesStillGetIn()
    {
        await using var guarded = await Guarded.StartAsync();
        Assert.Equal(200, await guarded.StatusAsync("/v2/", Guarded.Basic("ci")));
        HttpResponseMessage? held = null;
        for (var i = 0; i < 50 && held is null; i++)
        {
            var response = await guarded.Server.GetAsync("/v2/", Guarded.Basic("admin", $"guess{i}"));
            held = response.StatusCode == HttpStatusCode.TooManyRequests ? response : null;
            if (held is null)
            {
                response.Dispose();
            }
        }

        Assert.NotNull(held);
        await held.ExpectProblemAsync(429, "TOOMANYREQUESTS");
        Assert.InRange(int.Parse(held.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        held.Dispose();
        Assert.Equal(200, await guarded.StatusAsync("/v2/", Guarded.Basic("ci")));
    }

    [Fact]
    public async Task Requests_ManyAtOnceWithOnePassword_AreOneCheck()
    {
        await using var guarded = await Guarded.StartAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => guarded.StatusAsync("/v2/", Guarded.Basic("ci"))));

        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task LogsAndAnswers_HoldNoPassword()
    {
        await using var guarded = await Guarded.StartAsync();
        var answers = "";
        foreach (var header in new[] { Guarded.Basic("ci"), Guarded.Basic("ci", "gu3ss"), Guarded.Basic("s3cr3t-name", "gu3ss") })
        {
            using var response = await guarded.Server.GetAsync("/v2/team/app/manifests/1", header);
            answers += $"{response.Headers} {await response.TextAsync()}";
        }

        var all = string.Join('\n', [answers, .. await guarded.Server.AccessLinesAsync(3), .. guarded.Server.LogLines]);
        Assert.All(["ci-pass", "gu3ss", "s3cr3t-name", Guarded.Basic("ci").Value[6..], "$2y$"], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> PostAsync(Guarded guarded, string user)
    {
        using var response = await guarded.Server.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/", Guarded.Basic(user));
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> DeleteAsync(Guarded guarded, string user)
    {
        using var response = await guarded.Server.SendAsync(HttpMethod.Delete, "/v2/team/app/manifests/1", Guarded.Basic(user));
        return response.StatusCode;
    }

    private static async Task<string> CatalogAsync(Guarded guarded, string user, string query)
    {
        using var response = await guarded.Server.GetAsync($"/v2/_catalog{query}", Guarded.Basic(user));
        return await response.TextAsync();
    }
}
