using System.Net;
using Registry.EndToEnd.Servers;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>Docker's catalog. The order is that of the names' bytes, which a walk of the directories would not give.</summary>
public sealed class CatalogTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    private static readonly string[] Names = ["a", "a-b", "a-b/c", "a.b", "a/b", "a/b-c", "a/b/c", "ab", "z/only/deep"];

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_Pages_AreInOneOrder()
    {
        Assert.Equal("""{"repositories":[]}""", (await Api.GetAsync("/v2/_catalog", Token)).Expect(HttpStatusCode.OK).Text);
        foreach (var name in Names.Reverse())
        {
            var config = await Api.PushBlobAsync(name, "{}"u8.ToArray(), Token);
            await Api.PushManifestAsync(name, "v1", ManifestJson.Image(config, 2), Token);
        }

        await Api.BeginAsync("only/uploads", Token);

        Assert.Equal(Names, (await Api.GetAsync("/v2/_catalog", Token)).Strings("repositories"));
        for (var size = 1; size <= Names.Length; size++)
        {
            var seen = new List<string>();
            var pages = 0;
            for (var next = $"/v2/_catalog?n={size}"; next is not null; pages++)
            {
                var answer = (await Api.GetAsync(next, Token)).Expect(HttpStatusCode.OK);
                Assert.Equal("application/json", answer.Header("Content-Type"));
                seen.AddRange(answer.Strings("repositories"));
                next = answer.NextPage();
            }

            Assert.Equal(Names, seen);
            Assert.Equal((Names.Length + size - 1) / size, pages);
        }

        foreach (var last in (string[])[.. Names, "a-", "a/", "a/b/", "A", "zz", "../x", "a-b/c/d"])
        {
            var answer = (await Api.GetAsync($"/v2/_catalog?last={Uri.EscapeDataString(last)}", Token)).Expect(HttpStatusCode.OK);
            Assert.Equal(Names.Where(name => string.CompareOrdinal(name, last) > 0), answer.Strings("repositories"));
        }

        Assert.Empty((await Api.GetAsync("/v2/_catalog?n=0", Token)).Expect(HttpStatusCode.OK).Strings("repositories"));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("1001")]
    public async Task List_SizeThatCannotBe_Is400(string n) =>
        (await Api.GetAsync($"/v2/_catalog?n={n}", Token)).ExpectError(HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID");
}
