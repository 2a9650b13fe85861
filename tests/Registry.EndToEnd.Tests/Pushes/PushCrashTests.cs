using Registry.EndToEnd.Fetches;
using Registry.EndToEnd.PowerCuts;
using Registry.EndToEnd.Pushes.Crashes;
using Registry.EndToEnd.Servers;
using Registry.Storage.Repositories;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>kill -9 at random points of concurrent pushes, mounts and deletes, hundreds of times: what was answered is kept, and nothing half is shown.</summary>
public sealed class PushCrashTests : ServerTest
{
    private const int Servers = 2;
    private const int Clients = 4;

    /// <summary>For each server.</summary>
    private const int Rounds = 150;

    /// <summary>A kill comes after so many answers at most, and a few milliseconds: then every client stands somewhere else, on a slow machine too.</summary>
    private const int MostAnswers = 40;
    private const int MostMilliseconds = 10;

    /// <summary>After so many everything is looked at, and not only what is new.</summary>
    private const int RoundsBetweenInspections = 10;

    /// <summary>Each round waits for a start and asks for all that was pushed in it: more than the usual limit on a machine that has much else to do.</summary>
    private const int LimitMilliseconds = 5 * TestLimit.Milliseconds;

    public static TheoryData<int> Chosen => Seeds.Chosen(1);

    [Theory(Timeout = LimitMilliseconds)]
    [MemberData(nameof(Chosen))]
    public async Task Push_KilledAtRandomPoints_KeepsWhatWasAnsweredAndShowsNothingHalf(int seed) =>
        await Task.WhenAll(Enumerable.Range(0, Servers).Select(server => RunAsync(seed, server)));

    private async Task RunAsync(int seed, int server)
    {
        var random = new Random((seed * Servers) + server);
        var root = Directory.Subdirectory($"data{server}");
        var ledger = new CrashLedger();
        var inspection = new CrashInspection(ledger);
        for (var round = 0; round < Rounds; round++)
        {
            var when = $"seed {seed}, server {server}, round {round}";
            if (round % RoundsBetweenInspections == 0)
            {
                AssertNothingIsHalf(root, when);
            }

            await using var process = await StartAsync(root, server);
            using var api = new RegistryApi(process.Url);
            await inspection.NewIsKeptAsync(api, when, Token);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var reached = ledger.AfterAnswersAsync(random.Next(1, MostAnswers));
            var clients = Enumerable.Range(0, Clients).Select(_ => new CrashClient(process.Url, ledger, new Random(random.Next())).RunAsync(ended.Token)).ToArray();
            await reached.WaitAsync(Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(MostMilliseconds)), TimeProvider.System, Token);
            await process.Process.KillAsync(Token);
            await ended.CancelAsync();
            await Task.WhenAll(clients);
        }

        var end = $"seed {seed}, server {server}, at the end";
        AssertNothingIsHalf(root, end);
        await using var last = await StartAsync(root, server);
        using var check = new RegistryApi(last.Url);
        await inspection.NewIsKeptAsync(check, end, Token);
        await inspection.AllIsKeptAsync(check, end, Token);
        TestContext.Current.SendDiagnosticMessage(
            "{0} rounds: {1} blobs, {2} manifests, {3} tags, {4} deletions", Rounds, ledger.Blobs.Count, ledger.Manifests.Count, ledger.Tags.Count, ledger.Deleted.Count);
        Assert.True(!ledger.Tags.IsEmpty && !ledger.Deleted.IsEmpty, $"{end}: hardly anything came to its end");
    }

    private Task<RegistryProcess> StartAsync(string root, int server)
    {
        var port = FreePort.Find();
        return RegistryProcess.StartAsync(RegistryConfiguration.Deleting(root, port), port, Directory.File($"config{server}.yml"), Token);
    }

    private static void AssertNothingIsHalf(string root, string when)
    {
        using var inspection = new StoreInspection(root);
        inspection.ShowsNothingHalf(RepositoryKind.Local).AssertRight(when);
    }
}
