using Registry.EndToEnd.Servers;
using Registry.Testing;
using Xunit;

namespace Registry.EndToEnd;

/// <summary>What tests of the native binary share: a directory that goes when they end, and the ways of starting the binary.</summary>
public abstract class ServerTest : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected TemporaryDirectory Directory => _directory;

    private protected string DataDirectory => _directory.Subdirectory("data");

    private protected string ConfigurationFile => _directory.File("config.yml");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected static Task<ScriptedUpstream> StartUpstreamAsync() => ScriptedUpstream.StartAsync(new ScriptedUpstreamOptions(), Token);

    private protected Task<RegistryProcess> StartMirrorAsync(Uri upstream, string freshness = "60s")
    {
        var port = FreePort.Find();
        return RegistryProcess.StartAsync(
            RegistryConfiguration.Mirror(DataDirectory, port, upstream, freshness), port, ConfigurationFile, Token);
    }

    private protected Task<RegistryProcess> StartPrivateAsync()
    {
        var port = FreePort.Find();
        return RegistryProcess.StartAsync(RegistryConfiguration.Private(DataDirectory, port), port, ConfigurationFile, Token);
    }

    /// <summary>Deletes the directory.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _directory.Dispose();
        }
    }
}
