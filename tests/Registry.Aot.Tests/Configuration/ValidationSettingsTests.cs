namespace Registry.Aot.Tests.Configuration;

public sealed class ValidationSettingsTests
{
    [Theory]
    [InlineData("{}", false)]
    [InlineData("{enabled: true}", false)]
    [InlineData("{disabled: false}", false)]
    [InlineData("{enabled: true, disabled: false}", false)]
    [InlineData("{disabled: true}", true)]
    [InlineData("{enabled: false}", true)]
    [InlineData("{enabled: false, disabled: true}", true)]
    public void Load_Validation_IsOnUnlessItIsSwitchedOff(string section, bool isDisabled)
    {
        var validation = Given.File($"version: 0.1\nvalidation: {section}").Writes.Validation;
        Assert.Equal(isDisabled, validation.IsDisabled);
        Assert.Null(validation.IndexPlatforms);
    }

    [Theory]
    [InlineData("{platforms: all}", null)]
    [InlineData("{platforms: none}", "")]
    [InlineData("{platforms: None}", "")]
    [InlineData("{platforms: list, platformlist: [{os: linux, architecture: amd64}, {architecture: arm64, os: linux}]}", "linux/amd64 linux/arm64")]
    public void Load_PlatformsOfIndexes_AreThoseThatMustBeThere(string indexes, string? expected)
    {
        var platforms = Given.File($"version: 0.1\nvalidation: {{manifests: {{indexes: {indexes}}}}}").Writes.Validation.IndexPlatforms;
        Assert.Equal(expected, platforms is null ? null : string.Join(' ', platforms.Value.Select(platform => $"{platform.Os}/{platform.Architecture}")));
    }

    [Theory]
    [InlineData("{enabled: true, disabled: true}", "config.yml:2:39: validation.disabled contradicts validation.enabled; expected one of the two")]
    [InlineData("{enabled: false, disabled: false}", "config.yml:2:40: validation.disabled contradicts validation.enabled; expected one of the two")]
    [InlineData(
        "{manifests: {indexes: {platforms: list}}}",
        "config.yml:2:47: validation.manifests.indexes.platforms is list; expected platforms in validation.manifests.indexes.platformlist")]
    [InlineData(
        "{manifests: {indexes: {platforms: list, platformlist: [{os: linux}]}}}",
        "config.yml:2:68: validation.manifests.indexes.platformlist: a platform is incomplete; expected os and architecture, such as linux and amd64")]
    [InlineData("{manifests: {indexes: {platforms: some}}}", "config.yml:2:47: validation.manifests.indexes.platforms: 'some' is not known here; expected one of all, list, none")]
    public void Load_ValidationThatContradictsItself_IsRefused(string section, string expected) =>
        Assert.Equal([expected], Given.ErrorsOf($"version: 0.1\nvalidation: {section}"));

    [Fact]
    public void Load_PlatformsThatNobodyAsksFor_GiveOneWarning() =>
        Assert.Equal(
            ["config.yml:2:50: validation.manifests.indexes.platformlist has no effect unless validation.manifests.indexes.platforms is list"],
            Given.WarningsOf("version: 0.1\nvalidation: {manifests: {indexes: {platformlist: [{os: linux, architecture: amd64}]}}}"));
}
