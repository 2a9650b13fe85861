using Registry.Aot.Configuration;

namespace Registry.Aot.Tests.Configuration;

public sealed class ConfigurationChangeTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("log: {level: info}", "log: {level: debug}", "log.level")]
    [InlineData("log: {level: info}", "log: {level: 'info'} # in other words", "")]
    [InlineData("", "log: {level: debug}", "log.level")]
    [InlineData("log: {level: debug}", "log:", "log.level")]
    [InlineData("http: {limits: {connections: 5}, addr: ':1'}", "http: {addr: ':2', limits: {connections: 6}}", "http.limits.connections, http.addr")]
    [InlineData("mirror: {upstreams: [{name: a.test}, {name: b.test}]}", "mirror: {upstreams: [{name: a.test}]}", "mirror.upstreams")]
    [InlineData("mirror: {upstreams: [{name: a.test, freshness: 5s}]}", "mirror: {upstreams: [{name: a.test, freshness: 6s}]}", "mirror.upstreams")]
    [InlineData("mirror: {upstreams: [{name: a.test, freshness: 5s}]}", "mirror: {upstreams: [{freshness: 5s, name: a.test}]}", "")]
    [InlineData("access: {rules: []}", "", "access.rules")]
    [InlineData("proxy: {remoteurl: 'https://a.test', username: u, password: one}", "proxy: {remoteurl: 'https://a.test', username: u, password: two}", "proxy.password")]
    public void Between_Configurations_NamesWhatDiffers(string before, string after, string keys) =>
        Assert.Equal(keys, string.Join(", ", ConfigurationChange.Between(TreeOf(before), TreeOf(after))));

    [Theory]
    [InlineData("log.level", true)]
    [InlineData("log.formatter", false)]
    [InlineData("http.limits.connections", true)]
    [InlineData("http.limitsx", false)]
    [InlineData("http.addr", false)]
    [InlineData("mirror.upstreams", true)]
    [InlineData("proxy.ttl", true)]
    [InlineData("access.rules", true)]
    [InlineData("auth.htpasswd.path", false)]
    [InlineData("storage.delete.enabled", false)]
    public void IsReloadable_Key_OrNot(string key, bool expected) => Assert.Equal(expected, ConfigurationChange.IsReloadable(key));

    private static Aot.Configuration.Tree.Node TreeOf(string text) => Given.File($"version: 0.1\n{text}").Effective;
}
