using Registry.Aot.Configuration;

namespace Registry.Aot.Tests.Configuration;

public sealed class ConfigurationLocationTests
{
    [Theory]
    [InlineData("named.yml", "variable.yml", true, "named.yml")]
    [InlineData(null, "variable.yml", true, "variable.yml")]
    [InlineData(null, null, true, "/etc/docker/registry/config.yml")]
    [InlineData(null, "", false, null)]
    public void Find_TakesTheFirstThatIsNamed(string? named, string? variable, bool exists, string? expected)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (variable is not null)
        {
            environment["REGISTRY_CONFIGURATION_PATH"] = variable;
        }

        Assert.Equal(expected, ConfigurationLocation.Find(named, environment, _ => exists));
    }
}
