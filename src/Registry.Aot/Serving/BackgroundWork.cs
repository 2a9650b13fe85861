using Microsoft.Extensions.Logging;
using Registry.Aot.Configuration;
using Registry.Mirror;
using Registry.Storage;

namespace Registry.Aot.Serving;

/// <summary>What runs beside the serving, from its start until the program is told to stop.</summary>
internal sealed class BackgroundWork
{
    private readonly Task[] _tasks;

    /// <summary>Starts it; it ends when <paramref name="stop"/> fires, and uses store and mirror until <see cref="WaitAsync"/> has returned.</summary>
    public BackgroundWork(Settings settings, Store store, PullThrough pulls, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        var purges = settings.Storage.UploadPurge.IsEnabled && !settings.Writes.IsReadOnly;
        _tasks =
        [
            Task.Run(() => Census.Take(store, pulls, logger, stop), CancellationToken.None),
            purges ? Task.Run(() => UploadPurge.RunAsync(store, settings.Storage.UploadPurge, time, logger, stop), CancellationToken.None) : Task.CompletedTask,
        ];
    }

    /// <summary>Waits until all of it has ended.</summary>
    public Task WaitAsync() => Task.WhenAll(_tasks);
}
