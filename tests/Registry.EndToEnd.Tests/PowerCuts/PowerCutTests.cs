using Registry.EndToEnd.Fetches;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Registry.Storage.Repositories;
using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.PowerCuts;

/// <summary>
/// The power goes, at every answer and at moments in between, and takes whatever was not synced, all of it or any part: what was answered with 201 is there, and nothing
/// half is.
/// </summary>
public sealed class PowerCutTests : ServerTest
{
    private const int Rounds = 6;
    private const int Mebi = 1 << 20;
    private const string Repository = "library/model";

    /// <summary>How many of the moments between answers are tried.</summary>
    private const double CutsBetween = 0.05;

    public static TheoryData<int> Chosen => Seeds.Chosen(1);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Chosen))]
    public async Task Push_PowerGoesAtAnyMoment_KeepsWhatWasAnsweredAndShowsNothingHalf(int seed)
    {
        var root = DataDirectory;
        var trace = Directory.File("trace");
        await using (var server = await StartPrivateAsync(root, CallTrace.Command(trace, withMessages: true)))
        {
            using var api = new RegistryApi(server.Url);
            await new PushLoad(api, seed).RunAsync(Rounds, Token);
            Assert.Equal(0, await server.StopAsync(Token));
        }

        var random = new Random(seed);
        var disk = new LossyDisk(root);
        var promises = new Promises();
        using var left = new LeftDirectory();
        var cuts = 0;
        await foreach (var call in CallTrace.ReadAsync(trace, Token))
        {
            if (promises.Hear(call) || (disk.Apply(call) && random.NextDouble() < CutsBetween))
            {
                foreach (var cut in Cuts(random))
                {
                    cuts++;
                    left.Become(disk.After(cut));
                    using var inspection = new StoreInspection(left.Path);
                    inspection.Keeps(promises).ShowsNothingHalf(RepositoryKind.Local).AssertRight($"seed {seed}, after {promises.Created} answers, {cut}");
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0} answers, {1} power cuts", promises.Created, cuts);
        Assert.True(promises.Created > 100, $"{promises.Created} answers");
        await AssertServesAsync(disk, promises);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Chosen))]
    public async Task Pull_PowerGoesAtAnyMoment_ClaimsAndShowsNothingThatIsLost(int seed)
    {
        await using var upstream = await StartUpstreamAsync();
        var image = upstream.Content.AddImage(Repository, "1", [6 * Mebi, 300_000]);
        var contents = image.Blobs.Append(image.Manifest).ToDictionary(static blob => blob.Digest, blob => Bytes(upstream, blob.Digest));
        var root = DataDirectory;
        string[] traces = [Directory.File("trace1"), Directory.File("trace2")];

        // The first server is killed in the middle of the large blob, which the second one goes on with.
        upstream.Pace.BytesPerSecondPerConnection = 2 * Mebi;
        var large = image.Layers[0].Digest;
        await using (var first = await StartMirrorAsync(upstream, root, CallTrace.Command(traces[0], withMessages: false)))
        {
            var pull = PullAsync(first, image);
            await upstream.Log.WaitForAsync(log => log.BytesSent(large) > 4 * Mebi, Token);
            await first.Process.KillAsync(Token);
            await first.Process.WaitForExitAsync(Token);
            await Assert.ThrowsAnyAsync<Exception>(() => pull);
        }

        await using (var second = await StartMirrorAsync(upstream, root, CallTrace.Command(traces[1], withMessages: false)))
        {
            await PullAsync(second, image);
            Assert.Equal(0, await second.StopAsync(Token));
        }

        var random = new Random(seed);
        var disk = new LossyDisk(root);
        using var left = new LeftDirectory();
        var (cuts, claimed) = (0, 0L);
        foreach (var trace in traces)
        {
            await foreach (var call in CallTrace.ReadAsync(trace, Token))
            {
                if (!disk.Apply(call) || (call.Name.StartsWith("pwrite", StringComparison.Ordinal) && random.NextDouble() > CutsBetween))
                {
                    continue;
                }

                foreach (var cut in Cuts(random))
                {
                    cuts++;
                    left.Forget("mirror");
                    left.Become(disk.After(cut));
                    using var inspection = new StoreInspection(left.Path);
                    inspection.HoldsWhatItsMapsClaim(contents).ShowsNothingHalf(RepositoryKind.Mirrored("docker.io")).AssertRight($"seed {seed}, cut {cuts}, {cut}");
                    claimed = Math.Max(claimed, inspection.Claimed);
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0} power cuts, at most {1} bytes claimed", cuts, claimed);
        Assert.True(claimed > Mebi, $"{claimed} bytes were claimed at most");
    }

    private static PowerCut[] Cuts(Random random) => [PowerCut.Harshest, random.Next(3) == 0 ? PowerCut.Empty : PowerCut.Any(random)];

    private async Task AssertServesAsync(LossyDisk disk, Promises promises)
    {
        using var left = new LeftDirectory();
        left.Become(disk.After(PowerCut.Harshest));
        await using var server = await StartPrivateAsync(left.Path, []);
        using var api = new RegistryApi(server.Url);
        foreach (var ((repository, tag), digest) in promises.Tags)
        {
            Assert.Equal(digest, (await api.GetAsync($"/v2/{repository}/manifests/{tag.Value}", Token)).Digest);
        }

        foreach (var (repository, digest) in promises.Blobs)
        {
            Assert.Equal(digest, (await api.GetAsync($"/v2/{repository}/blobs/{digest}", Token)).Digest);
        }

        await new PushLoad(api, seed: -1).RunAsync(1, Token);
    }

    private static async Task PullAsync(RegistryProcess server, Image image)
    {
        using var api = new RegistryApi(server.Url);
        Assert.Equal(image.Manifest.Digest, (await api.GetAsync($"/v2/{Repository}/manifests/1", Token)).Digest);
        await Task.WhenAll(image.Blobs.Select(async blob =>
            Assert.Equal(blob.Digest, (await api.GetAsync($"/v2/{Repository}/blobs/{blob.Digest}", Token)).Digest)));
    }

    private Task<RegistryProcess> StartPrivateAsync(string root, IReadOnlyList<string> tracer)
    {
        var port = FreePort.Find();
        return RegistryProcess.StartAsync(RegistryConfiguration.Deleting(root, port), port, ConfigurationFile, Token, tracer: tracer);
    }

    private Task<RegistryProcess> StartMirrorAsync(ScriptedUpstream upstream, string root, IReadOnlyList<string> tracer)
    {
        var port = FreePort.Find();
        var configuration = RegistryConfiguration.Fetching(root, port, [upstream.Url], "connections: 2, minsegment: 1MiB", "");
        return RegistryProcess.StartAsync(configuration, port, ConfigurationFile, Token, tracer: tracer);
    }

    private static byte[] Bytes(ScriptedUpstream upstream, Digest digest)
    {
        var content = upstream.Content.Content(digest);
        var bytes = new byte[content.Length];
        content.Read(0, bytes);
        return bytes;
    }
}
