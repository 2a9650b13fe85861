using CsCheck;
using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Tests.Values;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("20GB", 20_000_000_000)]
    [InlineData("512MiB", 536_870_912)]
    [InlineData("64kib", 65_536)]
    [InlineData("1.5 KiB", 1536)]
    [InlineData("2TB", 2_000_000_000_000)]
    public void Parse_Size_GivesBytes(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1")]
    [InlineData("20XB")]
    [InlineData("20 GB more")]
    [InlineData("99999999TiB")]
    public void Parse_AnythingElse_Refuses(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Fact]
    public void Format_AnySize_ParsesBack() =>
        Gen.Long[0, long.MaxValue].Sample(bytes => SizeText.TryParse(SizeText.Format(bytes), out var parsed) && parsed == bytes);
}
