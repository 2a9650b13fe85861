using System.Net;
using System.Text;
using Registry.Mirror.Upstreams;
using Registry.Server.Access;
using Registry.Testing;
using Registry.Testing.Authentication;
using Xunit;

namespace Registry.Server.Tests.Access;

/// <summary>Passwords and a mirror together: the scheme is Bearer, with our own token endpoint.</summary>
public sealed class TokenFlowTests : IAsyncLifetime
{
    private const string Mirrored = "library/nginx";
    private const string PullMirrored = $"?service=s&scope=repository:{Mirrored}:pull";

    private ScriptedUpstream _upstream = null!;
    private Guarded _guarded = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), TestContext.Current.CancellationToken);
        _upstream.Content.AddImage(Mirrored, "1", [1000]);
        _guarded = await Guarded.StartAsync(_upstream, new AccessOptions { Rules = Guarded.Rules, MirrorKeys = [new MirrorKey("laptop", Guarded.Key)] });
    }

    public async ValueTask DisposeAsync()
    {
        await _guarded.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Base_WithoutAToken_NamesOurRealmAndNoScope()
    {
        using var response = await _guarded.Server.GetAsync("/v2/");

        await response.ExpectProblemAsync(401, "UNAUTHORIZED");
        var authority = _guarded.Server.Client.BaseAddress!.Authority;
        Assert.Equal($"Bearer realm=\"http://{authority}/v2/token\",service=\"{authority}\"", Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
    }

    [Fact]
    public async Task Get_AnonymousTokenForMirroredContent_IsServed()
    {
        var token = await _guarded.TokenAsync(PullMirrored);

        Assert.Equal(200, await _guarded.StatusAsync("/v2/", token));
        Assert.Equal(200, await _guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", token));
    }

    [Fact]
    public async Task Get_LocalContentWithAnAnonymousToken_Is401InsufficientScope()
    {
        using var response = await _guarded.Server.GetAsync("/v2/team/app/manifests/1", await _guarded.TokenAsync(PullMirrored));

        // A kind that is not decided yet is the upstream's; this one is local.
        await AssertMirroredOrRefusedAsync(response);
        _guarded.Server.AddBlob(Guarded.Team, "x"u8);
        using var local = await _guarded.Server.GetAsync("/v2/team/app/manifests/1", await _guarded.TokenAsync(PullMirrored));
        await local.ExpectProblemAsync(401, "DENIED");
        Assert.EndsWith("scope=\"repository:team/app:pull\",error=\"insufficient_scope\"", Assert.Single(local.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_RightPassword_GivesATokenThatPassesOnTheBase()
    {
        var token = await _guarded.TokenAsync("?account=ci&client_id=docker&offline_token=true&service=s", Guarded.Basic("ci"));

        Assert.Equal(200, await _guarded.StatusAsync("/v2/", token));
        using var push = await _guarded.Server.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/", token);
        Assert.Equal(HttpStatusCode.Accepted, push.StatusCode);
        using var other = await _guarded.Server.SendAsync(HttpMethod.Post, "/v2/other/app/blobs/uploads/", token);
        await other.ExpectProblemAsync(401, "DENIED");
    }

    [Theory]
    [InlineData("?service=s")]
    [InlineData("?scope=")]
    [InlineData("?scope=%20")]
    [InlineData("?scope=repository:library/nginx:pull,push")]
    [InlineData("?scope=repository:team/app:push")]
    [InlineData("?scope=registry:catalog:*")]
    [InlineData("?scope=repository:library/nginx:pull&scope=registry:catalog:*")]
    [InlineData("?scope=repository:library/nginx:pull%20repository:open/a:delete")]
    [InlineData("?scope=nonsense")]
    [InlineData("?scope=repository:UPPER:pull")]
    public async Task Token_WrongPasswordForALoginOrWhatAnonymousMayNot_Is401(string query)
    {
        foreach (var header in new[] { Guarded.Basic("ci", "wrong"), Guarded.Basic("", ""), ("Authorization", "Bearer x"), ("Authorization", "whatever") })
        {
            using var response = await _guarded.Server.GetAsync($"/v2/token{query}", header);
            await response.ExpectProblemAsync(401, "UNAUTHORIZED");
            Assert.DoesNotContain("token\":", await response.TextAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("library/nginx")]
    [InlineData("open/a")]
    [InlineData($"{Guarded.Key}/library/nginx")]
    public async Task Token_ForeignPasswordForWhatAnonymousMayHave_IsAnAnonymousToken(string name)
    {
        var token = await _guarded.TokenAsync($"?scope=repository:{name}:pull", Guarded.Basic("hub-user", "hub-token"));

        Assert.Equal(200, await _guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", token));
        using var push = await _guarded.Server.SendAsync(HttpMethod.Post, "/v2/team/app/blobs/uploads/", token);
        await push.ExpectProblemAsync(401, "DENIED");
    }

    [Fact]
    public async Task Token_OverTheBudget_IsAnAnonymousTokenOr429()
    {
        for (var i = 0; i < 30; i++)
        {
            await _guarded.TokenAsync(PullMirrored, Guarded.Basic("hub-user", $"hub-token{i}"));
        }

        using var login = await _guarded.Server.GetAsync("/v2/token", Guarded.Basic("hub-user", "hub-token-more"));
        await login.ExpectProblemAsync(429, "TOOMANYREQUESTS");
    }

    [Theory]
    [InlineData("grant_type=password&service=s&client_id=c&username=ci&password=ci-pass&scope=repository:team/app:pull", 200)]
    [InlineData("grant_type=password&username=ci&password=ci-pass", 200)]
    [InlineData("grant_type=password&username=ci&password=wrong", 401)]
    [InlineData("grant_type=password&username=ci&password=wrong&scope=repository:library/nginx:pull", 200)]
    [InlineData("grant_type=password&username=ci&password=wrong&scope=repository:library/nginx:pull&scope=repository:a:push", 401)]
    [InlineData("grant_type=password", 401)]
    [InlineData("grant_type=refresh_token&refresh_token=hub&scope=repository:library/nginx:pull", 200)]
    [InlineData("grant_type=refresh_token&refresh_token=hub", 401)]
    public async Task Token_ByPost_IsJudgedAsByGet(string form, int status)
    {
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await _guarded.Server.Client.PostAsync(new Uri("/v2/token", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Token_PostedFormAboveTheBounds_IsRefused()
    {
        using var content = new StringContent($"grant_type=password&username=ci&password={new string('x', 200_000)}", Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await _guarded.Server.Client.PostAsync(new Uri("/v2/token", UriKind.Relative), content, TestContext.Current.CancellationToken);

        await response.ExpectProblemAsync(400, "UNSUPPORTED");
        Assert.Equal(400, await _guarded.StatusAsync($"/v2/token?scope={string.Join("%20", Enumerable.Repeat("a:b:c", 100))}"));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Token_PostedInAnotherForm_IsRefusedUnread(string type)
    {
        using var content = new StringContent("--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nci\r\n--b--\r\n", Encoding.ASCII);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var response = await _guarded.Server.Client.PostAsync(new Uri("/v2/token", UriKind.Relative), content, TestContext.Current.CancellationToken);

        await response.ExpectProblemAsync(400, "UNSUPPORTED");
    }

    // A guard, not a measure: without the bound it would wait for ever.
    [Fact(Timeout = 60_000)]
    public async Task Token_FormThatNeverEnds_Is408()
    {
        await using var guarded = await Guarded.StartAsync(_upstream, options: new ServerOptions { ReadTimeout = TimeSpan.FromMilliseconds(300) });
        await using var connection = await RawConnection.OpenAsync(guarded.Server.Client.BaseAddress!);

        await connection.RequestAsync("/v2/token", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 40\r\n", "POST");

        Assert.StartsWith("HTTP/1.1 408 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ShownForTheNextOne_BuysNone()
    {
        var token = await _guarded.TokenAsync("", Guarded.Basic("ci"));

        Assert.Equal(401, await _guarded.StatusAsync("/v2/token", token));
        Assert.Equal(401, await _guarded.StatusAsync($"/v2/token?scope=repository:{Guarded.Team}:pull,push", token));
        var anonymous = await _guarded.TokenAsync(PullMirrored, token);
        using var push = await _guarded.Server.SendAsync(HttpMethod.Post, $"/v2/{Guarded.Team}/blobs/uploads/", anonymous);
        await push.ExpectProblemAsync(401, "DENIED");
    }

    [Fact]
    public async Task Get_UserRemoved_TokenAndPasswordStopWorking()
    {
        var token = await _guarded.TokenAsync("", Guarded.Basic("ci"));
        Assert.Equal(200, await _guarded.StatusAsync("/v2/", token));
        Assert.Equal(200, await _guarded.StatusAsync("/v2/", Guarded.Basic("ci")));

        var users = await File.ReadAllTextAsync(_guarded.UserFile, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_guarded.UserFile, Server.Authentication.HtpasswdEditor.Remove(users, "ci", out _), TestContext.Current.CancellationToken);
        while (await _guarded.StatusAsync("/v2/", token) == 200)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        using var refused = await _guarded.Server.GetAsync("/v2/", token);
        await refused.ExpectProblemAsync(401, "UNAUTHORIZED");
        Assert.EndsWith("error=\"invalid_token\"", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal(401, await _guarded.StatusAsync("/v2/", Guarded.Basic("ci")));
        Assert.Equal(200, await _guarded.StatusAsync("/v2/", Guarded.Basic("admin")));
    }

    [Theory]
    [InlineData($"/{Guarded.Key}/v2/", 200)]
    [InlineData($"/{Guarded.Key}/v2/library/nginx/manifests/1", 200)]
    [InlineData($"/v2/{Guarded.Key}/library/nginx/manifests/1", 200)]
    [InlineData($"/{Guarded.Key}/v2/team/app/manifests/1", 401)]
    [InlineData($"/v2/{Guarded.Key}/team/app/manifests/1", 401)]
    [InlineData("/abcdefghij0123456780/v2/", 404)]
    public async Task Get_MirrorKey_OpensWhatIsMirroredAlone(string path, int status)
    {
        await using var guarded = await Guarded.StartAsync(_upstream, new AccessOptions { MirrorKeys = [new MirrorKey("laptop", Guarded.Key)] });
        guarded.Server.AddBlob(Guarded.Team, "x"u8);

        Assert.Equal(status, await guarded.StatusAsync(path));
        Assert.Equal(status, await guarded.StatusAsync(path, Guarded.Basic("hub-user", "hub-token")));
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1"));
    }

    [Fact]
    public async Task MirrorKey_StandsInNoLogAnswerOrLocation()
    {
        var answers = "";
        string[] paths =
        [
            $"/{Guarded.Key}/v2/library/nginx/manifests/1", $"/v2/{Guarded.Key}/library/nginx/manifests/none", $"/v2/{Guarded.Key}/UPPER/manifests/1", $"/{Guarded.Key}/v2/none",
            $"/{Guarded.Key}/v2/library/nginx/tags/list?n=1", $"/v2/token?scope=repository:{Guarded.Key}/library/nginx:pull", $"/%61{Guarded.Key[1..]}/v2/library/nginx/manifests/1",
        ];
        foreach (var path in paths)
        {
            using var response = await _guarded.Server.GetAsync(path, ("Referer", $"http://h/{Guarded.Key}/"));
            answers += $"{response.Headers} {await response.TextAsync()}";
        }

        var lines = await _guarded.Server.AccessLinesAsync(paths.Length);
        Assert.DoesNotContain(Guarded.Key, string.Join('\n', [answers, .. lines, .. _guarded.Server.LogLines]), StringComparison.Ordinal);
        Assert.DoesNotContain(Guarded.Key[1..], string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("key:laptop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_ForeignCredentials_StandInNoLog()
    {
        await _guarded.TokenAsync($"{PullMirrored}&account=hub-user", Guarded.Basic("hub-user", "hub-token"));

        var lines = await _guarded.Server.AccessLinesAsync(1);
        Assert.DoesNotContain("hub-", string.Join('\n', [.. lines, .. _guarded.Server.LogLines]), StringComparison.Ordinal);
        Assert.Contains("\"GET /v2/token HTTP/1.1\" 200", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RealmWithAPublicHost_IsThere()
    {
        await using var guarded = await Guarded.StartAsync(_upstream, options: new ServerOptions { Host = new Uri("https://registry.example.com"), Prefix = "/sub/" });
        using var response = await guarded.Server.GetAsync("/sub/v2/");

        Assert.Equal("Bearer realm=\"https://registry.example.com/sub/v2/token\",service=\"registry.example.com\"", response.Header("WWW-Authenticate"));
        Assert.Equal(200, await guarded.StatusAsync("/sub/v2/token", Guarded.Basic("ci")));
    }

    [Fact]
    public async Task Get_AfterALoginBehindTheTrustedProxy_IsOpenFromThatAddressAlone()
    {
        var options = new ServerOptions { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] };
        await using var guarded = await Guarded.StartAsync(_upstream, new AccessOptions { LoginOpensMirror = TimeSpan.FromHours(24) }, options: options);
        var home = ("X-Forwarded-For", "203.0.113.9");
        var elsewhere = ("X-Forwarded-For", "203.0.113.10");
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", home));

        await guarded.TokenAsync("?service=s", Guarded.Basic("ci"), home);
        await guarded.TokenAsync("?service=s", Guarded.Basic("ci"));

        Assert.Equal(200, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", home));
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", elsewhere));
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1"));
        Assert.Contains(guarded.Server.LogLines, line => line.Contains("203.0.113.9", StringComparison.Ordinal));
        using var challenge = await guarded.Server.GetAsync("/v2/", elsewhere, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "hub.example.com"));
        Assert.Equal("Bearer realm=\"https://hub.example.com/v2/token\",service=\"hub.example.com\"", challenge.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Get_PrivateUpstreamContent_IsForThoseWithAPasswordAlone()
    {
        var options = new ScriptedUpstreamOptions { Authentication = new UpstreamAuthentication.Basic("account", "account-pass") };
        await using var upstream = await ScriptedUpstream.StartAsync(options, TestContext.Current.CancellationToken);
        var image = upstream.Content.AddImage(Mirrored, "1", [1000]);
        await using var guarded = await Guarded.StartAsync(upstream, new AccessOptions { Rules = Guarded.Rules }, new UpstreamCredential("account", "account-pass"));

        Assert.Equal(200, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", Guarded.Basic("admin")));
        using var refused = await guarded.Server.GetAsync($"/v2/{Mirrored}/manifests/1");
        await refused.ExpectProblemAsync(401, "UNAUTHORIZED");
        var token = await guarded.TokenAsync(PullMirrored);
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/{image.Manifest.Digest}", token));
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/blobs/{image.Config.Digest}", token));
        Assert.Equal(401, await guarded.StatusAsync($"/v2/{Mirrored}/tags/list", token));
        using var catalog = await guarded.Server.GetAsync("/v2/_catalog", token);
        Assert.Equal("""{"repositories":[]}""", await catalog.TextAsync());
    }

    [Fact]
    public async Task Get_PublicContentOfAnUpstreamWithAnAccount_IsForEverybodyAndAskedOnce()
    {
        await using var guarded = await Guarded.StartAsync(_upstream, new AccessOptions { Rules = Guarded.Rules }, new UpstreamCredential("account", "account-pass"));
        var token = await guarded.TokenAsync(PullMirrored);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, await guarded.StatusAsync($"/v2/{Mirrored}/manifests/1", token));
        }

        Assert.Equal(1, _upstream.Log.Count(request => request.Method == "HEAD"));
        Assert.Equal(404, await guarded.StatusAsync("/v2/library/none/manifests/1", token));
    }

    private static async Task AssertMirroredOrRefusedAsync(HttpResponseMessage response) => await response.ExpectProblemAsync(404, "MANIFEST_UNKNOWN");
}
