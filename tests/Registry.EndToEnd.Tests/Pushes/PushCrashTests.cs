using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Registry.EndToEnd.Fetches;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.EndToEnd.Pushes;

/// <summary>kill -9 at random points of concurrent pushes, again and again: what was answered is kept, and nothing half is shown.</summary>
public sealed class PushCrashTests : ServerTest
{
    private const int Pushers = 4;
    private const int FewestRounds = 5;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(25);

    private readonly ConcurrentDictionary<(string Repository, Digest Digest), byte[]> _blobs = new();
    private readonly ConcurrentDictionary<(string Repository, Digest Digest), byte[]> _manifests = new();
    private readonly ConcurrentDictionary<(string Repository, string Tag), Digest> _tags = new();
    private readonly ConcurrentDictionary<string, InterruptedUpload> _uploads = new();

    public static TheoryData<int> Chosen => Seeds.Chosen(1);

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Chosen))]
    public async Task Push_KilledAtRandomPoints_KeepsWhatWasAnsweredAndShowsNothingHalf(int seed)
    {
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        var round = 0;
        for (; round < FewestRounds || watch.Elapsed < Budget; round++)
        {
            await using var server = await StartPrivateAsync();
            using var api = new RegistryApi(server.Url);
            await AssertKeptAsync(api, $"seed {seed}, round {round}");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var pushers = Enumerable.Range(0, Pushers).Select(i => PushAsync(server.Url, new Random(random.Next()), $"team/app{i % 2}", ended.Token)).ToArray();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 400)), TimeProvider.System, Token);
            await server.Process.KillAsync(Token);
            await ended.CancelAsync();
            await Task.WhenAll(pushers);
        }

        await using var last = await StartPrivateAsync();
        using var check = new RegistryApi(last.Url);
        await AssertKeptAsync(check, $"seed {seed}, at the end");
        TestContext.Current.SendDiagnosticMessage(
            "{0} rounds, {1} blobs, {2} manifests, {3} uploads left", round, _blobs.Count, _manifests.Count, _uploads.Count);
        Assert.NotEmpty(_blobs);
    }

    private async Task PushAsync(Uri server, Random random, string repository, CancellationToken ended)
    {
        using var api = new RegistryApi(server);
        try
        {
            while (true)
            {
                await PushBlobAsync(api, random, repository, ended);
                await PushImageAsync(api, random, repository, ended);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The server is gone, as it was meant to be.
        }
    }

    private async Task PushBlobAsync(RegistryApi api, Random random, string repository, CancellationToken ended)
    {
        var content = new byte[random.Next(1, 400_000)];
        random.NextBytes(content);
        var location = await api.BeginAsync(repository, ended);
        var upload = _uploads[location] = new InterruptedUpload(repository, content);
        while (upload.Acknowledged < content.Length)
        {
            var next = Math.Min(content.Length, upload.Acknowledged + random.Next(1, 200_000));
            upload.Sent = next;
            (await api.PatchAsync(location, content[upload.Acknowledged..next], ended)).Expect(HttpStatusCode.Accepted);
            upload.Acknowledged = next;
        }

        // From here on it may have become a blob, told or not.
        _uploads.TryRemove(location, out _);
        var digest = Digest.Of(DigestAlgorithm.Sha256, content);
        (await api.FinishAsync(location, digest.ToString(), ended)).Expect(HttpStatusCode.Created);
        _blobs[(repository, digest)] = content;
    }

    private async Task PushImageAsync(RegistryApi api, Random random, string repository, CancellationToken ended)
    {
        var config = Encoding.ASCII.GetBytes($"{{\"n\":{random.Next()}}}");
        var digest = await api.PushBlobAsync(repository, config, ended);
        _blobs[(repository, digest)] = config;
        var tag = $"t{random.Next()}";
        var json = ManifestJson.Image(digest, config.Length);
        var manifest = await api.PushManifestAsync(repository, tag, json, ended);
        _manifests[(repository, manifest)] = Encoding.UTF8.GetBytes(json);
        _tags[(repository, tag)] = manifest;
    }

    private async Task AssertKeptAsync(RegistryApi api, string when)
    {
        foreach (var ((repository, digest), content) in _blobs)
        {
            var answer = await api.GetAsync($"/v2/{repository}/blobs/{digest}", Token);
            Assert.True(answer.Status == HttpStatusCode.OK && answer.Body.AsSpan().SequenceEqual(content), $"{when}: blob {digest}: {answer.Status}");
        }

        foreach (var ((repository, digest), content) in _manifests)
        {
            var answer = await api.GetAsync($"/v2/{repository}/manifests/{digest}", Token);
            Assert.True(answer.Status == HttpStatusCode.OK && answer.Body.AsSpan().SequenceEqual(content), $"{when}: manifest {digest}: {answer.Status}");
        }

        foreach (var repository in _tags.Keys.Select(static key => key.Repository).Distinct())
        {
            // Every tag that is shown means a whole manifest, those included whose push was not answered any more.
            foreach (var tag in (await api.GetAsync($"/v2/{repository}/tags/list", Token)).Expect(HttpStatusCode.OK).Strings("tags"))
            {
                var answer = (await api.GetAsync($"/v2/{repository}/manifests/{tag}", Token)).Expect(HttpStatusCode.OK);
                Assert.Equal(answer.Header("Docker-Content-Digest"), answer.Digest.ToString());
            }
        }

        foreach (var ((repository, tag), digest) in _tags)
        {
            Assert.Equal(digest.ToString(), (await api.SendAsync("HEAD", $"/v2/{repository}/manifests/{tag}", Token)).Header("Docker-Content-Digest"));
        }

        await AssertWholeOnDiskAsync(when);
        await GoOnAsync(api, when);
    }

    private async Task AssertWholeOnDiskAsync(string when)
    {
        var blobs = Path.Join(DataDirectory, "docker/registry/v2/blobs");
        foreach (var file in System.IO.Directory.Exists(blobs) ? System.IO.Directory.EnumerateFiles(blobs, "data", SearchOption.AllDirectories) : [])
        {
            await using var stream = File.OpenRead(file);
            var hash = await System.Security.Cryptography.SHA256.HashDataAsync(stream, Token);
            Assert.True(file.Contains(Convert.ToHexStringLower(hash), StringComparison.Ordinal), $"{when}: {file} does not hold what its name says");
        }
    }

    private async Task GoOnAsync(RegistryApi api, string when)
    {
        foreach (var (location, upload) in _uploads)
        {
            var state = await api.GetAsync(location, Token);
            Assert.True(state.Status == HttpStatusCode.NoContent, $"{when}: {location} is {state.Status}, {upload.Acknowledged} bytes were acknowledged");
            var held = int.Parse(state.Header("Range")!.AsSpan(2), CultureInfo.InvariantCulture) + 1;

            // The form cannot tell one byte from none.
            held = held == 1 && upload.Acknowledged == 0 ? 0 : held;
            Assert.True(held >= upload.Acknowledged && held <= Math.Max(upload.Sent, 1), $"{when}: {location} holds {held} of {upload.Acknowledged} to {upload.Sent} bytes");
            var digest = Digest.Of(DigestAlgorithm.Sha256, upload.Content);
            var range = ("Content-Range", $"{held}-{upload.Content.Length - 1}");
            var done = await api.FinishAsync(location, digest.ToString(), Token, upload.Content[held..], held < upload.Content.Length ? [range] : []);
            Assert.True(done.Status == HttpStatusCode.Created, $"{when}: {location} cannot be gone on with at {held}: {done.Text}");
            _blobs[(upload.Repository, digest)] = upload.Content;
            _uploads.TryRemove(location, out _);
        }
    }

    private sealed record InterruptedUpload(string Repository, byte[] Content)
    {
        public int Acknowledged { get; set; }

        public int Sent { get; set; }
    }
}
