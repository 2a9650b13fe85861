using System.Collections.Concurrent;
using Registry.Storage.Content;

namespace Registry.EndToEnd.Pushes.Crashes;

/// <summary>What the clients of one server were told, over all its crashes. Thread-safe.</summary>
internal sealed class CrashLedger
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _reached;
    private int _awaited;

    /// <summary>The blobs that were acknowledged with 201, and not asked to be deleted since.</summary>
    public ConcurrentDictionary<(string Repository, Digest Digest), bool> Blobs { get; } = new();

    /// <summary>The manifests, likewise.</summary>
    public ConcurrentDictionary<(string Repository, Digest Digest), bool> Manifests { get; } = new();

    /// <summary>The tags, likewise, and what they mean.</summary>
    public ConcurrentDictionary<(string Repository, string Tag), Digest> Tags { get; } = new();

    /// <summary>The paths whose deletion was acknowledged with 202: nobody pushes the same again.</summary>
    public ConcurrentDictionary<string, bool> Deleted { get; } = new();

    /// <summary>The uploads that were under way.</summary>
    public ConcurrentDictionary<string, InterruptedUpload> Uploads { get; } = new();

    /// <summary>Counts an answer that acknowledged something.</summary>
    public void CountAnswer()
    {
        lock (_gate)
        {
            if (--_awaited == 0)
            {
                _reached?.TrySetResult();
            }
        }
    }

    /// <summary>Ends after so many further answers. To be asked for by one at a time.</summary>
    public Task AfterAnswersAsync(int count)
    {
        lock (_gate)
        {
            _awaited = count;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }

    /// <summary>The paths of everything that must be there, and the digest of what they must give.</summary>
    public IEnumerable<(string Path, Digest Digest)> Kept =>
        Blobs.Keys.Select(static key => ($"/v2/{key.Repository}/blobs/{key.Digest}", key.Digest))
            .Concat(Manifests.Keys.Select(static key => ($"/v2/{key.Repository}/manifests/{key.Digest}", key.Digest)))
            .Concat(Tags.Select(static pair => ($"/v2/{pair.Key.Repository}/manifests/{pair.Key.Tag}", pair.Value)));
}
