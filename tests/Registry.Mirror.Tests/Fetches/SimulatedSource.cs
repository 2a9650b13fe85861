using Registry.Mirror.Fetches;

namespace Registry.Mirror.Tests.Fetches;

/// <summary>An endpoint, as one fetch sees it.</summary>
internal sealed class SimulatedSource(SimulatedEndpoint endpoint, FetchRecord record) : IBlobSource
{
    public string Host => endpoint.Host;

    public SimulatedEndpoint Endpoint => endpoint;

    public Task<BlobReply> OpenAsync(long first, long? last, CancellationToken cancellation) =>
        endpoint.OpenAsync(record.Ask(endpoint, first, last), first, last, cancellation);
}
