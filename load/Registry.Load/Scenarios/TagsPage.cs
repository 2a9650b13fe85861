using System.Diagnostics;
using System.Globalization;
using Registry.Load.Content;
using Registry.Load.Measures;
using Registry.Load.Reports;
using Registry.Load.Servers;

namespace Registry.Load.Scenarios;

/// <summary>A page of the tags of a repository that has very many, beside one of a repository that has few.</summary>
internal sealed class TagsPage(ScenarioContext context) : IScenario
{
    private const int PageLength = 100;

    /// <summary>So many small files take this much there.</summary>
    private const long EnoughMemory = 2_000_000_000;

    private const string Memory = "/dev/shm";

    public string Name => "tags-page";

    public string Title => "a page of very many tags";

    public async Task RunAsync(ScenarioReport report, CancellationToken cancellation)
    {
        int[] sizes = context.Pick<int[]>([20, 200], [1000, 100_000]);
        var place = Place();
        var data = Directory.CreateDirectory(Path.Join(place, $"registry-load-data-{Guid.NewGuid():N}"));
        try
        {
            await FillAsync(data.FullName, sizes, cancellation);
            var pages = context.Pick(3, 100);
            var section = report.Section("Pages once warm", string.Create(CultureInfo.InvariantCulture,
                $"Pages of {PageLength} tags from the middle of a repository, {pages} one after the other on one connection; the first is not counted. File system: {Machine.FileSystem(place)}. CPU is exact to 10 ms for all pages together."));
            ServerProgram[] programs =
            [
                ServerProgram.Registry(Names.Ours, context.Peers.Registry, data.FullName),
                ServerProgram.Registry(Names.DockerRegistry, context.Peers.DockerRegistry, data.FullName),
            ];
            foreach (var program in programs)
            {
                await using var server = await Server.StartAsync(program, cancellation);

                // The two take turns, so that noise meets both.
                for (var round = 0; round < context.Options.Rounds; round++)
                {
                    foreach (var size in sizes)
                    {
                        await MeasureAsync(server, size, server.Name == Names.Ours ? pages : Math.Max(pages / 20, 1), section.Samples, cancellation);
                    }
                }
            }

            section.Bars("Milliseconds a page", "ms", [.. sizes.Select(PerPage)]);
            report.AtMost($"page of {sizes[1]} tags ÷ page of {sizes[0]}", section.Samples.Ratio(PerPage(sizes[1]), Names.Ours, PerPage(sizes[0]), Names.Ours), 2);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>In memory where there is enough: 300,000 files and directories take minutes to make and to remove on a disk that others use.</summary>
    private static string Place() => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= EnoughMemory ? Memory : Path.GetTempPath();

    private static string Repository(int size) => string.Create(CultureInfo.InvariantCulture, $"load/tags{size}");

    private static string Tag(int number) => string.Create(CultureInfo.InvariantCulture, $"v{number:000000}");

    private static string PerPage(int size) => $"{size} tags: ms a page";

    private async Task MeasureAsync(Server server, int size, int pages, SampleTable samples, CancellationToken cancellation)
    {
        var page = new Uri(server.Url, $"/v2/{Repository(size)}/tags/list?n={PageLength}&last={Tag((size / 2) - 1)}");
        await AskAsync(page, cancellation);
        var cpu = server.CpuSeconds;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < pages; i++)
        {
            await AskAsync(page, cancellation);
        }

        samples.Add(PerPage(size), server.Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds / pages, "0.00");
        samples.Add($"{size} tags: CPU ms a page", server.Name, (server.CpuSeconds - cpu) * 1000 / pages, "0.00");
    }

    private async Task AskAsync(Uri page, CancellationToken cancellation)
    {
        var answer = await context.Client.GetStringAsync(page, cancellation);
        if (!answer.Contains("\"v", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{page} has no tags.");
        }
    }

    /// <summary>Pushes an image into each repository, then copies its tag in the tree, which is a hundred times as fast as so many pushes.</summary>
    private async Task FillAsync(string data, int[] sizes, CancellationToken cancellation)
    {
        await using var server = await Server.StartAsync(ServerProgram.Registry(Names.DockerRegistry, context.Peers.DockerRegistry, data), cancellation);
        foreach (var size in sizes)
        {
            var image = await Image.PushAsync(context.Client, server.Url, Repository(size), seed: 1, layers: [1000], cancellation);
            var tags = Path.Join(data, "docker/registry/v2/repositories", Repository(size), "_manifests/tags");
            for (var number = 0; number < size; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                var current = Path.Join(tags, Tag(number), "current");
                Directory.CreateDirectory(current);
                await File.WriteAllTextAsync(Path.Join(current, "link"), image.Manifest, cancellation);
            }
        }
    }
}
