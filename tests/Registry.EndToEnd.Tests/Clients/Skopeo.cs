using System.Text.Json;
using Registry.Testing;
using Registry.Testing.Processes;

namespace Registry.EndToEnd.Clients;

/// <summary>Debian's skopeo: copies images between registries and directories.</summary>
internal sealed class Skopeo(TemporaryDirectory directory)
{
    private int _copies;

    /// <summary>Pulls an image, all that its manifest names, into a new directory, which it returns. Digests are checked by skopeo.</summary>
    /// <param name="reference">HOST:PORT/NAME:TAG or …@DIGEST.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <param name="options">Further options of <c>skopeo copy</c>.</param>
    public async Task<string> PullAsync(string reference, CancellationToken cancellationToken, params string[] options)
    {
        var target = directory.File($"skopeo-{Interlocked.Increment(ref _copies)}");
        var result = await TryPullAsync(reference, target, cancellationToken, options);
        result.Succeeded();
        return target;
    }

    /// <summary>As <see cref="PullAsync"/>, but failure is an answer.</summary>
    public static Task<CommandResult> TryPullAsync(
        string reference, string target, CancellationToken cancellationToken, params string[] options) =>
        RunAsync(["copy", "--src-tls-verify=false", .. options, $"docker://{reference}", $"dir:{target}"], cancellationToken);

    /// <summary>Copies an image from one registry into another, byte for byte: without being told so, skopeo compresses layers.</summary>
    public static async Task CopyAsync(string from, string to, CancellationToken cancellationToken, params string[] options)
    {
        var result = await RunAsync(
            ["copy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", .. options, $"docker://{from}", $"docker://{to}"], cancellationToken);
        result.Succeeded();
    }

    /// <summary>The manifest's digest and layers, as skopeo reads them.</summary>
    public static async Task<JsonDocument> InspectAsync(string reference, CancellationToken cancellationToken, params string[] options)
    {
        var result = await RunAsync(["inspect", "--tls-verify=false", .. options, $"docker://{reference}"], cancellationToken);
        return JsonDocument.Parse(result.Succeeded());
    }

    /// <summary>Runs any other of its commands, which must succeed, and gives its output.</summary>
    public static async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await RunAsync(arguments, cancellationToken)).Succeeded();

    private static Task<CommandResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Command.RunAsync("skopeo", ["--insecure-policy", .. arguments], cancellationToken);
}
