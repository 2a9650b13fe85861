using Registry.Testing;
using Registry.Testing.Images;
using Xunit;

namespace Registry.EndToEnd.Clients;

/// <summary>skopeo as a client that keeps nothing between pulls.</summary>
internal sealed class SkopeoClient(string mirror, TemporaryDirectory directory) : IImageClient
{
    private readonly Skopeo _skopeo = new(directory);

    public async Task PullAsync(string name, string tag, Image expected, CancellationToken cancellationToken)
    {
        var pulled = await _skopeo.PullAsync($"{mirror}/library/{name}:{tag}", cancellationToken);
        await PulledDirectory.AssertHoldsAsync(pulled, expected, cancellationToken);
    }

    public Task PushAsync(string name, string tag, string target, CancellationToken cancellationToken) =>
        Skopeo.CopyAsync($"{mirror}/library/{name}:{tag}", target, cancellationToken);

    public async Task PullPushedAsync(string reference, Image expected, CancellationToken cancellationToken)
    {
        var pulled = await _skopeo.PullAsync(reference, cancellationToken);
        Assert.True(File.Exists(Path.Combine(pulled, expected.Config.Digest.Hex)));
    }

    public Task RemoveAsync(string name, string tag, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
