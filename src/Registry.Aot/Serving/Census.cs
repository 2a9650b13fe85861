using Microsoft.Extensions.Logging;
using Registry.Mirror;
using Registry.Storage;
using Registry.Storage.Repositories;

namespace Registry.Aot.Serving;

/// <summary>Counts what the store holds, beside the serving: a start walks nothing.</summary>
internal static class Census
{
    /// <summary>Walks the repositories once and logs how many there are of each kind, and which the configuration overrules.</summary>
    public static void Take(Store store, PullThrough pulls, ILogger logger, CancellationToken stop)
    {
        var counts = new int[3];
        try
        {
            foreach (var name in store.Kinds.Walk())
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                if (store.Kinds.Find(name) is { } kind)
                {
                    counts[(int)kind.Name]++;
                    if (!kind.IsLocal && pulls.Names.IsLocal(name))
                    {
                        ServeLog.Overruled(logger, name.Value, kind.ToString());
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            ServeLog.CensusFailed(logger, e.Message);
            return;
        }

        if (counts.Sum() > 0)
        {
            ServeLog.Census(logger, counts[(int)RepositoryKindName.Local], counts[(int)RepositoryKindName.Mirrored], counts[(int)RepositoryKindName.Inherited]);
        }
    }
}
