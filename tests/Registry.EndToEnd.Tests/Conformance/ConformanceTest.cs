using Registry.EndToEnd.Servers;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>What tests of the API share: the server of their class, and repositories of their own.</summary>
public abstract class ConformanceTest(PrivateRegistry registry) : IClassFixture<PrivateRegistry>
{
    private static int _repositories;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected PrivateRegistry Registry { get; } = registry;

    private protected RegistryApi Api => Registry.Api;

    private protected static string NewRepository() => $"conformance/r{Interlocked.Increment(ref _repositories)}";
}
