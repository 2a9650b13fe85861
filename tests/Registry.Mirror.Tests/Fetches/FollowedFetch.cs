using Microsoft.Win32.SafeHandles;
using Registry.Mirror.Fetches;
using Registry.Storage.Ingests;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>A fetch with all that is known of it from outside.</summary>
internal sealed class FollowedFetch(SimulatedProcess process, Ingest ingest, FetchRecord record)
{
    private bool _isConfirmed;

    public required Fetch Fetch { get; init; }

    public Ingest Ingest => ingest;

    public FetchRecord Record => record;

    public int BrokenReaders { get; set; }

    public bool IsVerified { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Whether the file is the blob by now, hashed by somebody else than the fetch.</summary>
    public bool IsConfirmed(SafeFileHandle file)
    {
        if (!_isConfirmed && RandomAccess.GetLength(file) == process.Content.Length)
        {
            var bytes = process.Scratch.AsSpan(0, process.Content.Length);
            _isConfirmed = RandomAccess.Read(file, bytes, 0) == bytes.Length && bytes.SequenceEqual(process.Content.Span);
        }

        return _isConfirmed;
    }
}
