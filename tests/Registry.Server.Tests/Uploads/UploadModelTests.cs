using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using Registry.EndToEnd.Servers;
using Registry.Storage.Content;
using Xunit;

namespace Registry.Server.Tests.Uploads;

/// <summary>Whatever is sent in whatever order, a session holds exactly the chunks that were taken.</summary>
public sealed class UploadModelTests
{
    // How far a chunk's first byte, and its length, lie from what they should be; how many bytes; whether with a range, and with a length.
    private static readonly Gen<(int First, int Length, int Size, bool HasRange, bool IsChunked)[]> Chunks = Gen.Select(
        Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[-3, 3])),
        Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[-3, 3])),
        Gen.Frequency((6, Gen.Int[1, 50]), (1, Gen.Int[60_000, 200_000])),
        Gen.Bool,
        Gen.Bool).Array[1, 8];

    [Fact]
    public async Task Patch_AnyChunks_KeepTheOnesThatAreWhatTheySay()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PrivateServer.StartAsync();
        using var api = new RegistryApi(server.Url);
        var seed = 0;
        foreach (var chunks in Chunks.Array[60].Single())
        {
            var held = new List<byte>();
            var location = await api.BeginAsync("team/app", token);
            foreach (var (offset, difference, size, hasRange, isChunked) in chunks)
            {
                var bytes = new byte[size];
                new Random(seed++).NextBytes(bytes);
                var first = held.Count + offset;
                var last = first + size - 1 + difference;
                var isRange = first >= 0 && last >= first;
                var isRight = !hasRange || (offset == 0 && difference == 0);

                var answer = await SendAsync(api, location, bytes, hasRange ? $"{first}-{last}" : null, isChunked, token);

                Assert.True(
                    isRight ? answer.Status == HttpStatusCode.Accepted : answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestedRangeNotSatisfiable,
                    $"{answer.Status} for {first}-{last} with {size} bytes after {held.Count}");
                Assert.True(isRight || !isRange || offset == 0 || difference != 0 || answer.Status == HttpStatusCode.RequestedRangeNotSatisfiable);
                held.AddRange(isRight ? bytes : []);
                Assert.Equal($"0-{Math.Max(0, held.Count - 1)}", (await api.GetAsync(location, token)).Expect(HttpStatusCode.NoContent).Header("Range"));
            }

            var digest = Digest.Of(DigestAlgorithm.Sha256, [.. held]).ToString();
            (await api.FinishAsync(location, digest, token)).Expect(HttpStatusCode.Created);
            Assert.Equal(held, (await api.GetAsync($"/v2/team/app/blobs/{digest}", token)).Body);
        }
    }

    private static Task<ApiAnswer> SendAsync(RegistryApi api, string location, byte[] bytes, string? range, bool isChunked, CancellationToken token)
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue(MediaType.OctetStream);
        var headers = new List<(string, string)>();
        if (range is not null)
        {
            headers.Add(("Content-Range", range));
        }

        if (isChunked)
        {
            headers.Add(("Transfer-Encoding", "chunked"));
        }

        return api.SendAsync("PATCH", location, token, body, [.. headers]);
    }
}
