using System.Text;
using CsCheck;
using Registry.Aot.Configuration;
using Registry.Aot.Configuration.Tree;

namespace Registry.Aot.Tests.Configuration;

public sealed class HostileInputTests
{
    /// <summary>Pieces of YAML, and of what it is confused by.</summary>
    internal static readonly Gen<string> Fragment = Gen.OneOf(
        "version: 0.1\n", "http", "mirror", "upstreams", "proxy", "storage", "auth", "name", "addr", "remoteurl", ": ", ":", "\n", "\n  ", "\n    ", "- ", "[", "]", "{", "}", ", ",
        "'", "\"", "\\", "&a ", "*a", "!!str ", "|", ">", "%", "@", "`", "? ", "#", "---\n", "...\n", "~", "5s", "0", "true", "docker.io", "https://h", "\t", "\0", "\u2028", "é", "\\x4", "\\U00110000");

    [Fact]
    public void Load_RandomBytes_GivesErrorsWithAPlace() =>
        Gen.Byte.Array[0, 200].Sample(bytes => AssertToldWithPlace(() => Load(TextFile.Decode(bytes))), iter: 3000);

    [Fact]
    public void Load_RandomText_GivesErrorsWithAPlace() =>
        Gen.String[Gen.Char.AlphaNumeric, 0, 40].Select(Gen.String, (a, b) => a + b).Sample(text => AssertToldWithPlace(() => Load(text)), iter: 3000);

    [Fact]
    public void Load_RandomYaml_GivesErrorsWithAPlace() =>
        Fragment.Array[0, 40].Select(string.Concat).Sample(text => AssertToldWithPlace(() => Load(text)), iter: 20_000);

    [Fact]
    public void Load_RandomVariables_NamesThem() =>
        Gen.OneOf("HTTP", "MIRROR", "UPSTREAMS", "0", "1", "NAME", "LOCAL", "STORAGE", "AUTH", "", "x", "HEADERS", "99999999999").Array[0, 5].Select(Fragment.Array[0, 10])
            .Sample((parts, value) => AssertToldWithPlace(() => Given.NoFile(("REGISTRY_" + string.Join('_', parts), string.Concat(value)))), iter: 5000);

    [Theory]
    [InlineData(new byte[] { 0x61, 0x0A, 0x62, 0xFF }, 2, 2)]
    [InlineData(new byte[] { 0xC3 }, 1, 1)]
    public void Decode_NoUtf8_SaysWhere(byte[] bytes, int line, int column)
    {
        var broken = Assert.Throws<TextFileException>(() => TextFile.Decode(bytes));

        Assert.Equal((line, column), (broken.Line, broken.Column));
    }

    [Fact]
    public void Decode_ByteOrderMark_IsLeftOut() => Assert.Equal("a", TextFile.Decode([.. Encoding.UTF8.Preamble, (byte)'a']));

    [Fact]
    public void Decode_TooLong_IsRefused() => Assert.Throws<TextFileException>(() => TextFile.Decode(new byte[TextFile.MaxBytes + 1]));

    private static void Load(string text) => Given.File(text);

    private static void AssertToldWithPlace(Action load)
    {
        try
        {
            load();
        }
        catch (TextFileException)
        {
            // Its place is tested above.
        }
        catch (ConfigurationException wrong)
        {
            Assert.NotEmpty(wrong.Errors);
            Assert.All(wrong.Errors, error => Assert.True(HasPlace(error.Origin), error.ToString()));
        }
    }

    private static bool HasPlace(Origin origin) =>
        origin.Source == "config.yml" ? origin is { Line: > 0, Column: > 0 } : origin.Source.StartsWith("REGISTRY_", StringComparison.Ordinal);
}
