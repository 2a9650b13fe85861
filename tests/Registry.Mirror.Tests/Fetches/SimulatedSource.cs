using Registry.Mirror.Fetches;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>An endpoint, as a fetch sees it.</summary>
internal sealed class SimulatedSource(SimulatedEndpoint endpoint, FetchRecord? record = null) : IBlobSource
{
    public string Host => endpoint.Host;

    public SimulatedSource For(FetchRecord fetch) => new(endpoint, fetch);

    public Task<BlobReply> OpenAsync(long first, long? last, CancellationToken cancellation) =>
        endpoint.OpenAsync(record!.Ask(endpoint, first, last), first, last, cancellation);
}
