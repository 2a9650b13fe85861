using Registry.Testing.Images;

namespace Registry.EndToEnd.Clients;

/// <summary>A real client whose docker.io is our server.</summary>
internal interface IImageClient : IAsyncDisposable
{
    /// <summary>Pulls <c>docker.io/library/NAME:TAG</c> and fails unless the client then holds that very image.</summary>
    Task PullAsync(string name, string tag, Image expected, CancellationToken cancellationToken);

    /// <summary>Pushes its copy of that image as <c>HOST:PORT/NAME:TAG</c>, over plain HTTP.</summary>
    Task PushAsync(string name, string tag, string target, CancellationToken cancellationToken);

    /// <summary>Pulls <c>HOST:PORT/NAME:TAG</c> over plain HTTP and fails unless it is an image of that configuration, however its layers are packed.</summary>
    Task PullPushedAsync(string reference, Image expected, CancellationToken cancellationToken);

    /// <summary>Removes the client's copy, so that the next pull asks for everything again.</summary>
    Task RemoveAsync(string name, string tag, CancellationToken cancellationToken);
}
