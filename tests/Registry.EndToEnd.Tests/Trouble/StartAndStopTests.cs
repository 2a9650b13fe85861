using System.Net;
using System.Net.Sockets;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Trouble;

/// <summary>Exit codes and messages of the program, and an end that cuts nobody off.</summary>
public sealed class StartAndStopTests : ServerTest
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Sigterm_TransferUnderWay_FinishesItAndExitsZero()
    {
        const string Repository = "library/alpine";
        const int Size = 4 << 20;
        await using var upstream = await StartUpstreamAsync();
        var blob = upstream.Content.AddBlob(Repository, new SeededContent(1, Size));
        var gate = upstream.OnBlob(blob.Digest).StallAfter(1 << 20);
        await using var server = await StartMirrorAsync(upstream.Url);
        using var client = new HttpClient();
        using var response = await client.GetAsync(
            new Uri(server.Url, $"/v2/{Repository}/blobs/{blob.Digest}"), HttpCompletionOption.ResponseHeadersRead, Token);
        await gate.Reached.WaitAsync(Token);

        await server.Process.TerminateAsync(Token);
        await server.Process.WaitUntilAsync(async token => !await AcceptsAsync(server.Port, token), Token);
        gate.Release();
        var body = await response.Content.ReadAsByteArrayAsync(Token);

        Assert.Equal(blob.Digest, Digest.Of(DigestAlgorithm.Sha256, body));
        Assert.Equal(0, await server.Process.WaitForExitAsync(Token));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Sigterm_NothingUnderWay_ExitsZero()
    {
        await using var server = await StartPrivateAsync();

        Assert.Equal(0, await server.StopAsync(Token));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_DirectoryOfARunningServer_ExitsTwoAndNamesIt()
    {
        await using var first = await StartPrivateAsync();

        var second = await RegistryProcess.RunAsync(RegistryConfiguration.Private(DataDirectory, FreePort.Find()), Directory.File("second.yml"), Token);

        Assert.Equal(2, second.ExitCode);
        Assert.Contains(DataDirectory, second.Error);
        Assert.DoesNotContain("   at ", second.Error);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_PortTaken_ExitsTwoAndNamesIt()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var result = await RegistryProcess.RunAsync(RegistryConfiguration.Private(DataDirectory, port), ConfigurationFile, Token);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_DirectoryCannotBeMade_ExitsTwoAndNamesIt()
    {
        // Below a file: refused to root as well, unlike a directory without write permission.
        await File.WriteAllTextAsync(Directory.File("file"), "", Token);
        var impossible = Directory.File("file/data");

        var result = await RegistryProcess.RunAsync(RegistryConfiguration.Private(impossible, FreePort.Find()), ConfigurationFile, Token);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(impossible, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_UnknownKey_ExitsTwoAndSaysWhere()
    {
        var configuration = RegistryConfiguration.Private(DataDirectory, FreePort.Find()) + "\n  adress: 127.0.0.1:1\n";

        var result = await RegistryProcess.RunAsync(configuration, ConfigurationFile, Token);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{ConfigurationFile}:6:3:", result.Error);
        Assert.Contains("adress", result.Error);
        Assert.Contains("addr", result.Error);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_GarbageCollector_IsSetAsTheRuntimeConfigurationSays()
    {
        var port = FreePort.Find();
        var configuration = RegistryConfiguration.Private(DataDirectory, port) + "\nlog: {level: debug}\n";

        await using var server = await RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token);

        // runtimeconfig.template.json, read back from the collector itself.
        Assert.Contains("ServerGC=False", server.Process.Said);
        Assert.Contains("ConcurrentGC=False", server.Process.Said);
        Assert.Contains("GCConserveMem=5", server.Process.Said);
        Assert.Contains("GCGen0MaxBudget=2097152 ", server.Process.Said);
    }

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
