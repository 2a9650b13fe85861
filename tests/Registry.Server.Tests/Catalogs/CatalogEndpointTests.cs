using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Mirror;
using Registry.Server.Access;
using Registry.Server.Catalogs;
using Registry.Server.Requests;
using Registry.Storage;
using Registry.Testing;
using Xunit;

namespace Registry.Server.Tests.Catalogs;

public sealed class CatalogEndpointTests
{
    [Fact]
    public async Task ServeAsync_AllWalksAreTaken_WaitsForOneUntilTheClientLeaves()
    {
        using var directory = new TemporaryDirectory();
        using var store = Store.Open(new StorageOptions { RootDirectory = directory.Path }, null, TimeProvider.System);
        await using var pulls = new PullThrough(new MirrorOptions(), null, store, TimeProvider.System, NullLogger.Instance);
        var opened = new OpenedAddresses(TimeProvider.System, NullLogger.Instance);
        var access = new AccessControl(new AccessPolicy(new AccessOptions(), hasPasswords: false, opened), null, null, opened, pulls.Publicity);
        using var walks = new SemaphoreSlim(0, 1);
        using var client = new CancellationTokenSource();
        var endpoint = new CatalogEndpoint(store.Catalog, pulls.Names, access, walks);

        var stays = endpoint.ServeAsync(Request(CancellationToken.None));
        var leaves = endpoint.ServeAsync(Request(client.Token));
        Assert.False(stays.IsCompleted);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        walks.Release();

        await stays;
        Assert.Equal(1, walks.CurrentCount);
    }

    private static DefaultHttpContext Request(CancellationToken client)
    {
        var context = new DefaultHttpContext { RequestAborted = client };
        context.Features.Set(new RequestRecord { Origin = new ClientOrigin(null, "http", null) });
        return context;
    }
}
