namespace Registry.Aot.Tests.Configuration;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("version: 0.1\nhttp: {addr: :1}\nhttp: {}", "config.yml:3:1: the key 'http' stands here a second time; the first is at config.yml:2:1")]
    [InlineData("version: 0.1\nlog: &here {level: info}", "config.yml:2:6: anchors and aliases are not supported; expected the value itself")]
    [InlineData("version: 0.1\nlog: *here", "config.yml:2:6: anchors and aliases are not supported; expected the value itself")]
    [InlineData("version: !!str 0.1", "config.yml:1:10: tags are not supported; expected the value itself")]
    [InlineData("version: 0.1\n---\nversion: 0.1", "config.yml:2:1: a second document begins here; expected one only")]
    [InlineData("? [a]\n: b", "config.yml:1:3: a key is a list or a section; expected text")]
    public void Load_YamlThatIsNotForConfigurations_SaysWhere(string text, string expected) =>
        Assert.Equal([expected], Given.ErrorsOf(text));

    [Theory]
    [InlineData("version: 0.1\nhttp:\n\taddr: :1", "config.yml:2:5: this is not valid YAML")]
    [InlineData("a: [1, 2\nb: 3", "config.yml:1:6: this is not valid YAML")]
    [InlineData("a: 'open", "config.yml:1:4: this is not valid YAML")]
    public void Load_BrokenYaml_SaysWhere(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Given.ErrorsOf(text)), StringComparison.Ordinal);

    [Fact]
    public void Load_NestedWithoutEnd_IsRefusedNotFollowed() =>
        Assert.Contains("nested too deeply", Assert.Single(Given.ErrorsOf(new string('[', 100_000))), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment")]
    [InlineData("{}")]
    public void Load_EmptyFile_MissesItsVersion(string text) =>
        Assert.EndsWith("version is missing; expected version: 0.1", Assert.Single(Given.ErrorsOf(text)), StringComparison.Ordinal);

    [Fact]
    public void Load_ListForAConfiguration_SaysWhatWasExpected() =>
        Assert.Equal(["config.yml:1:1: this is a list; expected the sections of a configuration"], Given.ErrorsOf("- a"));
}
