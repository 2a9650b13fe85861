using System.Net;
using Xunit;

namespace Registry.EndToEnd.Conformance;

/// <summary>A catalog of more repositories than a page has.</summary>
public sealed class CatalogPageTests(PrivateRegistry registry) : ConformanceTest(registry)
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task List_NoSizeAsked_IsAHundredAndLinksToTheRest()
    {
        var names = Enumerable.Range(0, 250).Select(static i => $"team/r{i:000}").ToArray();
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.Join(Registry.DataDirectory, "docker/registry/v2/repositories", name, "_manifests"));
        }

        var first = (await Api.GetAsync("/v2/_catalog", Token)).Expect(HttpStatusCode.OK);
        var second = (await Api.GetAsync(first.NextPage()!, Token)).Expect(HttpStatusCode.OK);
        var third = (await Api.GetAsync(second.NextPage()!, Token)).Expect(HttpStatusCode.OK);

        Assert.Equal(names[..100], first.Strings("repositories"));
        Assert.Equal(names[100..200], second.Strings("repositories"));
        Assert.Equal(names[200..], third.Strings("repositories"));
        Assert.Null(third.NextPage());
        Assert.Equal(names, (await Api.GetAsync("/v2/_catalog?n=1000", Token)).Strings("repositories"));
        Assert.Empty((await Api.SendAsync("HEAD", "/v2/_catalog", Token)).Expect(HttpStatusCode.OK).Body);
    }
}
