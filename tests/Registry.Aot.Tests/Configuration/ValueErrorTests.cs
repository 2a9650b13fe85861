namespace Registry.Aot.Tests.Configuration;

public sealed class ValueErrorTests
{
    [Theory]
    [InlineData("http: {adr: :1}", "config.yml:2:8: unknown key 'adr': there is none in http; the nearest known key is 'addr'")]
    [InlineData("storge: {}", "config.yml:2:1: unknown key 'storge': the configuration has no such key; the nearest known key is 'storage'")]
    [InlineData("htpasswd: {}", "config.yml:2:1: unknown key 'htpasswd': the configuration has no such key; there is 'auth.htpasswd'")]
    [InlineData("log: {accesslog: {zzzzzzzz: 1}}", "config.yml:2:19: unknown key 'zzzzzzzz': there is none in log.accesslog; expected one of disabled")]
    [InlineData("log: {level: loud}", "config.yml:2:14: log.level: 'loud' is not known here; expected one of error, warn, info, debug")]
    [InlineData("log: [info]", "config.yml:2:6: log: this is a list; expected a section")]
    [InlineData("log: info", "config.yml:2:6: log: this is a single value; expected a section")]
    [InlineData("log: {level: {a: b}}", "config.yml:2:14: log.level: this is a section; expected one of error, warn, info, debug")]
    [InlineData("log: {accesslog: {disabled: maybe}}", "config.yml:2:29: log.accesslog.disabled: 'maybe' is not a boolean; expected true or false")]
    [InlineData("http: {addr: nowhere}", "config.yml:2:14: http.addr: 'nowhere' is not an address; expected an address such as :5000, 127.0.0.1:5000 or [::1]:5000")]
    [InlineData("http: {net: unix}", "config.yml:2:13: http.net is unix; expected the path of a socket in http.addr")]
    [InlineData("http: {prefix: x}", "config.yml:2:16: http.prefix: 'x' is not a path; expected a path that begins with a slash, such as /registry/")]
    [InlineData("http: {host: 'https://h/path'}", "config.yml:2:14: http.host: the URL has a path; expected a URL such as https://host, and the path in http.prefix")]
    [InlineData("http: {draintimeout: soon}", "config.yml:2:22: http.draintimeout: 'soon' is not a duration; expected a duration such as 300s, 1h30m or 7d")]
    [InlineData("http: {timeout: {read: 300}}", "config.yml:2:24: http.timeout.read: '300' is out of range, since a number without a unit counts nanoseconds; expected a duration from 1ms to 1d")]
    [InlineData("http: {timeout: {idle: 25h}}", "config.yml:2:24: http.timeout.idle: '25h' is out of range; expected a duration from 1ms to 1d")]
    [InlineData("http: {headers: {X-A: b}}", "config.yml:2:23: http.headers.X-A: this is a single value; expected a list")]
    [InlineData("http: {headers: {X A: [b]}}", "config.yml:2:18: http.headers: 'X A' is not the name of a header; expected a name such as X-Content-Type-Options")]
    [InlineData("http: {headers: {X-A: [\"b\\r\\nX-B: c\"]}}", "config.yml:2:24: http.headers.X-A: this cannot be the value of a header; expected printable ASCII characters in one line")]
    [InlineData("http: {limits: {connections: 0}}", "config.yml:2:30: http.limits.connections: '0' is not such a number; expected a whole number from 1 to 1000000")]
    [InlineData("http: {limits: {requestheader: 1GB}}", "config.yml:2:32: http.limits.requestheader: '1GB' is out of range; expected a size from 1KiB to 16MiB")]
    [InlineData("mirror: {cache: {minfree: 120%}}", "config.yml:2:27: mirror.cache.minfree: '120%' is not a share; expected a share from 0% to below 100%")]
    [InlineData("mirror: {local: [Team/**]}", "config.yml:2:18: mirror.local: 'Team/**' holds 'T', which no name has; expected a name in lower case in which * stands for any characters but a slash and ** for any, such as team/**")]
    [InlineData("storage: {s3: {bucket: b}}", "config.yml:2:11: the storage driver 's3' is not supported by this version; expected filesystem")]
    [InlineData("storage: inmemory", "config.yml:2:10: the storage driver 'inmemory' is not supported by this version; expected filesystem")]
    public void Load_WrongValue_SaysWhereWhatAndWhatWasExpected(string line, string expected) =>
        Assert.Contains(expected, Given.ErrorsOf($"version: 0.1\n{line}"));

    [Fact]
    public void Load_TwoDrivers_NamesBothLines() =>
        Assert.Contains(
            "config.yml:4:3: storage has the driver 'inmemory' beside 'filesystem' at config.yml:3:3; expected one driver",
            Given.ErrorsOf("version: 0.1\nstorage:\n  filesystem: {}\n  inmemory: {}"));

    [Theory]
    [InlineData("version: 0.2", "config.yml:1:10: version: '0.2' is not known here; expected 0.1")]
    [InlineData("log: {}", "config.yml:1:1: version is missing; expected version: 0.1")]
    public void Load_OtherVersion_IsRefused(string text, string expected) => Assert.Equal([expected], Given.ErrorsOf(text));

    [Fact]
    public void Load_SeveralErrors_TellsAllInOrder() =>
        Assert.Equal(
            ["config.yml:2:14", "config.yml:4:3", "config.yml:5:17", "REGISTRY_HTTP_NET"],
            Given.ErrorsOf("version: 0.1\nlog: {level: loud}\nhttp:\n  adr: :1\n  relativeurls: [ ]\n", ("REGISTRY_HTTP_NET", "carrier-pigeon"))
                .Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)]));
}
