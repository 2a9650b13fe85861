using System.Globalization;
using Registry.Aot.Configuration.Values;

namespace Registry.Aot.Configuration.Schema;

/// <summary>The shapes of single values.</summary>
internal static class Shapes
{
    /// <summary>Less than this is a number whose unit was forgotten.</summary>
    private static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(1);

    /// <summary>Any text.</summary>
    public static ScalarShape Text { get; } = new("text", _ => null);

    /// <summary>Any text that must not be shown.</summary>
    public static ScalarShape Secret { get; } = new("text", _ => null) { IsSecret = true };

    /// <summary>A boolean.</summary>
    public static ScalarShape Flag { get; } = new(
        "true or false",
        text => FlagText.TryParse(text, out _) ? null : Wrong(text, "a boolean", "true or false"));

    /// <summary>The path of a file or a directory.</summary>
    public static ScalarShape Path { get; } = new(
        "a path",
        text => text.Contains('\0', StringComparison.Ordinal) ? "this is not a path; expected a path such as /var/lib/registry" : null);

    /// <summary>A host, perhaps with a port.</summary>
    public static ScalarShape Host { get; } = new(
        "a host such as docker.io or reg.example.com:5000",
        text => HostText.IsHost(text) ? null : Wrong(text, "a host", "a host such as docker.io or reg.example.com:5000"));

    /// <summary>An address to listen on.</summary>
    public static ScalarShape Address { get; } = new(
        "an address such as :5000",
        text => HostText.IsAddress(text) ? null : Wrong(text, "an address", "an address such as :5000, 127.0.0.1:5000 or [::1]:5000"));

    /// <summary>An <c>http</c> or <c>https</c> URL.</summary>
    public static ScalarShape Url { get; } = new("a URL such as https://host", text => UrlText.FindProblem(text, ["https", "http"]));

    /// <summary>The URL of an upstream, whose user and password stand under the keys <paramref name="credentialKeys"/>.</summary>
    public static ScalarShape UpstreamUrl(string credentialKeys) => new(Url.Expected, text => UrlText.FindProblem(text, ["https", "http"], credentialKeys));

    /// <summary>The URL of a proxy.</summary>
    public static ScalarShape ProxyUrl { get; } = new("a URL such as socks5://host:1080", text => UrlText.FindProblem(text, ["socks5", "http", "https"]));

    /// <summary>A pattern of repository names.</summary>
    public static ScalarShape Pattern { get; } = new("a pattern of names such as team/**", NamePattern.FindProblem);

    /// <summary>A network, or one address.</summary>
    public static ScalarShape Network { get; } = new(
        "a network such as 192.0.2.0/24",
        text => NetworkText.TryParse(text, out _) ? null : Wrong(text, "a network", "a network such as 192.0.2.0/24"));

    /// <summary>A size, or a share of the disk.</summary>
    public static ScalarShape SizeOrShare { get; } = new("a size such as 20GB or a share such as 5%", FindShareProblem);

    /// <summary>One of a few words, in any case.</summary>
    public static ScalarShape Choice(params string[] words)
    {
        var expected = words.Length == 1 ? words[0] : $"one of {string.Join(", ", words)}";
        return new ScalarShape(
            expected,
            text => words.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"{ShownText.Of(text)} is not known here; expected {expected}");
    }

    /// <summary>A duration within bounds.</summary>
    public static ScalarShape Duration(TimeSpan least, TimeSpan most)
    {
        const string Expected = "a duration such as 300s, 1h30m or 7d";
        return new ScalarShape(Expected, text =>
            !DurationText.TryParse(text, out var duration) ? Wrong(text, "a duration", Expected)
            : duration >= least && duration <= most && (duration == TimeSpan.Zero || duration >= Finest) ? null
            : $"{ShownText.Of(text)} is out of range{(DurationText.IsBareNumber(text) ? ", since a number without a unit counts nanoseconds" : "")}; "
                + $"expected a duration from {DurationText.Format(least)} to {DurationText.Format(most)}");
    }

    /// <summary>A number of bytes within bounds.</summary>
    public static ScalarShape Size(long least, long most)
    {
        const string Expected = "a size such as 20GB or 512MiB";
        return new ScalarShape(Expected, text =>
            !SizeText.TryParse(text, out var size) ? Wrong(text, "a size", Expected)
            : size >= least && size <= most ? null
            : $"{ShownText.Of(text)} is out of range; expected a size from {SizeText.Format(least)} to {SizeText.Format(most)}");
    }

    /// <summary>A whole number within bounds.</summary>
    public static ScalarShape Integer(int least, int most)
    {
        var expected = $"a whole number from {least} to {most}";
        return new ScalarShape(expected, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? null
                : Wrong(text, "such a number", expected));
    }

    private static string? FindShareProblem(string text) =>
        text is [.. var number, '%']
            ? decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share < 100
                ? null
                : Wrong(text, "a share", "a share from 0% to below 100%")
            : SizeText.TryParse(text, out _) ? null : Wrong(text, "a size", "a size such as 20GB or a share such as 5%");

    private static string Wrong(string text, string what, string expected) => $"{ShownText.Of(text)} is not {what}; expected {expected}";
}
