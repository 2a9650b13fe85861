using Microsoft.Extensions.Logging;
using Registry.Storage;
using Registry.Storage.Uploads;

namespace Registry.Aot.Serving;

/// <summary>Ends uploads that nobody has gone on with for long, now and again, beside the serving.</summary>
internal static class UploadPurge
{
    /// <summary>As in distribution: not all servers of a fleet at once, and not while one is just starting.</summary>
    private static readonly TimeSpan LatestFirst = TimeSpan.FromHours(1);

    /// <summary>Runs until it is stopped.</summary>
    public static async Task RunAsync(Store store, UploadPurgeOptions options, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        try
        {
            await Task.Delay(LatestFirst * Random.Shared.NextDouble(), time, stop);
            using var timer = new PeriodicTimer(options.Interval, time);
            do
            {
                Purge(store, options, time, logger);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static void Purge(Store store, UploadPurgeOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            var count = 0;
            foreach (var name in store.Kinds.Walk())
            {
                count += store.Uploads.Purge(name, time.GetUtcNow() - options.Age, options.IsDryRun);
            }

            if (count > 0)
            {
                ServeLog.UploadsPurged(logger, count, options.IsDryRun);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ServeLog.PurgeFailed(logger, e.Message);
        }
    }
}
