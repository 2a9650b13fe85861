using System.Globalization;
using Registry.Testing;

namespace Registry.Load.Servers;

/// <summary>
/// The upstream's own process: a scripted upstream that takes a command a line from standard input and answers each with a line. Ends with its input.
/// </summary>
internal sealed class UpstreamCommands(ScriptedUpstream upstream)
{
    public const string Repository = "load/slow";

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(20);

    private int _mostAtOnce;

    public static async Task RunAsync(CancellationToken cancellation)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var commands = new UpstreamCommands(upstream);
        var sampling = commands.SampleAsync(ended.Token);
        Console.WriteLine(upstream.Port);
        while (await Console.In.ReadLineAsync(cancellation) is { } line)
        {
            Console.WriteLine(commands.Execute(line.Split(' ')));
        }

        await ended.CancelAsync();
        await sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private string Execute(string[] command)
    {
        switch (command)
        {
            case ["pace", var connection, var total, var milliseconds]:
                upstream.Pace.BytesPerSecondPerConnection = Number(connection);
                upstream.Pace.BytesPerSecond = Number(total);
                upstream.Pace.Latency = TimeSpan.FromMilliseconds(Number(milliseconds));
                return "";
            case ["image", var tag, var size, var layers]:
                var image = upstream.Content.AddImage(Repository, tag, Enumerable.Repeat(Number(size), (int)Number(layers)));
                return string.Join(' ', image.Layers.Select(static layer => layer.Digest));
            case ["forget"]:
                upstream.Log.Clear();
                Volatile.Write(ref _mostAtOnce, 0);
                return "";
            case ["count"]:
                var bytes = upstream.Log.Requests.Where(static request => request.IsBlob).Sum(static request => request.BytesSent);
                return string.Create(CultureInfo.InvariantCulture, $"{bytes} {Volatile.Read(ref _mostAtOnce)}");
            default:
                throw new InvalidOperationException($"No such command: {string.Join(' ', command)}");
        }
    }

    private async Task SampleAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(SampleInterval);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var now = upstream.Log.Count(static request => request is { IsBlob: true, Method: "GET", Status: 200 or 206, Ended: false });
            Volatile.Write(ref _mostAtOnce, Math.Max(now, Volatile.Read(ref _mostAtOnce)));
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
