namespace Registry.Aot.Tests.Configuration;

public sealed class EnvironmentOverridesTests
{
    private const string File = """
        version: 0.1
        http:
          addr: :5000
          headers: {X-First: [a]}
        mirror:
          upstreams:
            - name: ghcr.io
        """;

    [Fact]
    public void Load_Variable_OverridesTheFile() =>
        Assert.Equal("127.0.0.1:6000", Given.File(File, ("REGISTRY_HTTP_ADDR", "127.0.0.1:6000")).Server.Address);

    [Fact]
    public void Load_VariableInAnyCaseAfterThePrefix_Counts() =>
        Assert.Equal(":7000", Given.File(File, ("REGISTRY_http_Addr", ":7000")).Server.Address);

    [Fact]
    public void Load_SectionThatTheFileLacks_IsMade() =>
        Assert.Equal("/data", Given.File(File, ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/data")).Storage.RootDirectory);

    [Fact]
    public void Load_WholeSectionAsYaml_ReplacesIt()
    {
        var settings = Given.File(File, ("REGISTRY_HTTP", "{addr: ':1', draintimeout: 5s}"), ("REGISTRY_HTTP_PREFIX", "/p"));

        Assert.Equal(":1", settings.Server.Address);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Server.DrainTimeout);
        Assert.Equal("/p/", settings.Server.Prefix);
        Assert.Empty(settings.Server.Headers);
    }

    [Fact]
    public void Load_ItemsByIndex_EnterAndAppendInNumericOrder()
    {
        (string Name, string Value)[] names = [.. Enumerable.Range(1, 11).Select(i => ($"REGISTRY_MIRROR_UPSTREAMS_{i}_NAME", $"r{i}.example.com"))];

        var settings = Given.File(File, [.. names, ("REGISTRY_MIRROR_UPSTREAMS_0_FRESHNESS", "5m"), ("REGISTRY_MIRROR_LOCAL_0", "team/**")]);

        Assert.Equal(["ghcr.io", .. names.Select(pair => pair.Value)], settings.Mirror.Upstreams.Select(upstream => upstream.Name));
        Assert.Equal(TimeSpan.FromMinutes(5), settings.Mirror.Upstreams[0].Freshness);
        Assert.Equal(["team/**"], settings.Mirror.Local);
    }

    [Fact]
    public void Load_HeaderInAnotherCase_ReplacesTheFiles() =>
        Assert.Equal([KeyValuePair.Create("X-First", "b")], Given.File(File, ("REGISTRY_HTTP_HEADERS_X-FIRST", "[b]")).Server.Headers);

    [Fact]
    public void Load_NewKeyOfTheUser_IsWrittenInLowerCase() =>
        Assert.Equal([KeyValuePair.Create("team", "infra")], Given.File(File, ("REGISTRY_LOG_FIELDS_TEAM", "infra")).Log.Fields);

    [Fact]
    public void Load_EmptyValue_CountsAsNotWritten() =>
        Assert.Null(Given.File(File, ("REGISTRY_PROXY_REMOTEURL", ""), ("REGISTRY_PROXY_USERNAME", "")).Mirror.Default);

    [Theory]
    [InlineData("REGISTRY_PORT", "tcp://10.0.0.1:5000", "")]
    [InlineData("REGISTRY_PORT_5000_TCP_ADDR", "10.0.0.1", "")]
    [InlineData("REGISTRY_SERVICE_HOST", "10.0.0.1", "")]
    [InlineData("REGISTRY_HTTP_ADRR", ":1", "; the nearest known one is REGISTRY_HTTP_ADDR")]
    [InlineData("REGISTRY_HTTP_ADDR_PORT", "1", "")]
    [InlineData("REGISTRY_", "x", "")]
    [InlineData("REGISTRY__HTTP", "x", "")]
    public void Load_VariableOfNoKey_GivesOneWarning(string name, string value, string hint) =>
        Assert.Equal([$"{name}: no key of the configuration has this variable; ignored{hint}"], Given.WarningsOf(File, (name, value)));

    [Theory]
    [InlineData("REGISTRY_CONFIGURATION_PATH")]
    [InlineData("PATH")]
    [InlineData("MY_REGISTRY_HTTP_ADDR")]
    [InlineData("registry_http_addr")]
    public void Load_VariableOfAnother_IsNotLookedAt(string name)
    {
        var settings = Given.File(File, (name, ":9"));

        Assert.Empty(settings.Warnings);
        Assert.Equal(":5000", settings.Server.Address);
    }

    [Fact]
    public void Load_VersionByVariable_IsNotTaken() =>
        Assert.Equal(["REGISTRY_VERSION: the version is the file's own; ignored"], Given.WarningsOf(File, ("REGISTRY_VERSION", "9")));

    [Theory]
    [InlineData("REGISTRY_HTTP_ADDR", "nowhere", "REGISTRY_HTTP_ADDR: http.addr: 'nowhere' is not an address; expected an address such as :5000, 127.0.0.1:5000 or [::1]:5000")]
    [InlineData("REGISTRY_HTTP", "{adr: 1}", "REGISTRY_HTTP: unknown key 'adr': there is none in http; the nearest known key is 'addr'")]
    [InlineData("REGISTRY_LOG_LEVEL", "[a", "REGISTRY_LOG_LEVEL: the value is not valid YAML; expected a value, in quotes if it holds YAML's special characters")]
    [InlineData("REGISTRY_MIRROR_LOCAL_1", "a", "REGISTRY_MIRROR_LOCAL_1: REGISTRY_MIRROR_LOCAL has 0 items before this one; expected REGISTRY_MIRROR_LOCAL_0 first")]
    [InlineData("REGISTRY_MIRROR_LOCAL_X", "a", "REGISTRY_MIRROR_LOCAL_X: REGISTRY_MIRROR_LOCAL is a list; expected the number of an item after it, from 0")]
    [InlineData("REGISTRY_AUTH", "htpasswd", "REGISTRY_AUTH: auth.htpasswd.path is missing; expected the file of users, such as /auth/htpasswd")]
    [InlineData("REGISTRY_AUTH_TOKEN_REALM", "r", "REGISTRY_AUTH_TOKEN_REALM: auth.token is not supported by this version; expected auth.htpasswd")]
    [InlineData("REGISTRY_HTTP_TLS_CERTIFICATE", "/c", "REGISTRY_HTTP_TLS_CERTIFICATE: http.tls.certificate stands without key; expected both")]
    public void Load_WrongVariable_IsNamedInPlaceOfALine(string name, string value, string expected) =>
        Assert.Equal([expected], Given.ErrorsOf(File, (name, value)));

    [Fact]
    public void Load_SecondDriverByVariable_NamesBoth() =>
        Assert.Contains(
            "REGISTRY_STORAGE_S3_BUCKET: storage has the driver 's3' beside 'filesystem' at config.yml:2:11; expected one driver",
            Given.ErrorsOf("version: 0.1\nstorage: {filesystem: {}}", ("REGISTRY_STORAGE_S3_BUCKET", "b")));

    [Fact]
    public void Load_DriverByNameThenItsParameters_AreOne() =>
        Assert.Equal("/d", Given.NoFile(("REGISTRY_STORAGE", "filesystem"), ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/d")).Storage.RootDirectory);

    [Fact]
    public void Load_FieldNamesOfDistribution_AreKnown() =>
        Assert.Equal(
            ["REGISTRY_HEALTH_TCPCHECKERS: health.tcp is a key of distribution that is not acted on"],
            Given.WarningsOf(File, ("REGISTRY_HEALTH_TCPCHECKERS", "[{addr: a}]")));
}
