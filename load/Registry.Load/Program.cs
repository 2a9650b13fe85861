using System.Globalization;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Scenarios;
using Registry.Load.Servers;

if (args is ["upstream"])
{
    await UpstreamCommands.RunAsync(CancellationToken.None);
    return 0;
}

if (args is not [var report, var registry, var dockerRegistry, var hello, .. var rest])
{
    await Console.Error.WriteLineAsync("usage: Registry.Load REPORT REGISTRY DOCKER-REGISTRY HELLO [slow-upstream] [--quick | --full]; load/run knows them all");
    return 2;
}

// A bound on everything: no scenario takes a third of it, all cases of the slow upstream aside.
using var timeout = new CancellationTokenSource(rest.Contains("--full", StringComparer.Ordinal) ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(30));
using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
client.DefaultRequestHeaders.Accept.ParseAdd(Image.ManifestType);
var peers = new Peers(registry, dockerRegistry, hello);
if (rest.Contains("slow-upstream", StringComparer.Ordinal))
{
    await SlowUpstreamPage.WriteAsync(report, peers, client, rest, timeout.Token);
    return 0;
}

var rounds = rest.Contains("--quick", StringComparer.Ordinal) ? Rounds.Quick : Rounds.Normal;
var page = new Report("Load: warm pulls, cold fetches, starts");
page.Paragraph(
    $"""
    {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `load/run`. {Machine.Describe()}; everything on loopback of this one machine, the clients too.
    registry {await Machine.VersionAsync(registry, "--version", timeout.Token)}, docker-registry {await Machine.VersionAsync(dockerRegistry, "--version", timeout.Token)}, wrk {await Machine.VersionAsync("wrk", "-v", timeout.Token)}.
    Each value is a median, with the least and the greatest in brackets. The servers take turns within every round. GB and MB are powers of ten.
    """);

await Console.Error.WriteLineAsync("warm pulls");
var warm = new WarmPull(peers, rounds, client);
Show(
    "Warm pulls",
    string.Create(CultureInfo.InvariantCulture, $"A blob of {WarmPull.BlobSize / 1e6:0} MB and its manifest, from one data directory that both serve; {rounds.Throughput} rounds of {rounds.Duration.TotalSeconds:0} s for each line (wrk, one thread). CPU is the server's own, from /proc; access logs are off."),
    await warm.MeasureThroughputAsync(timeout.Token));

await Console.Error.WriteLineAsync("starts");
Show(
    "Starts",
    $"From the start of the process to the first byte of the answer to `GET /v2/`, {rounds.Starts} times each, asked every millisecond. `slim hello` is `load/Hello`: one route, published the same way.",
    await warm.MeasureStartsAsync(timeout.Token));

await Console.Error.WriteLineAsync("cold fetches");
var (atOnce, firstByte) = await new ColdFetch(peers, rounds, client).MeasureAsync(timeout.Token);
Show(
    "Cold fetches at once",
    string.Create(CultureInfo.InvariantCulture, $"{ColdFetch.Blobs} blobs of {ColdFetch.BlobSize / 1e6:0} MB at once through a mirror with an empty directory, {rounds.Cold} rounds. The upstream is a docker-registry on the same machine."),
    atOnce);
Show(
    "First byte of a cold blob",
    $"{rounds.FirstBytes} blobs one after the other, each first from the upstream, then through the mirror that has never seen it.",
    firstByte);

await page.WriteAsync(report, timeout.Token);
return 0;

void Show(string heading, string text, SampleTable table)
{
    page.Section(heading);
    page.Paragraph(text);
    page.Table(table);
}
