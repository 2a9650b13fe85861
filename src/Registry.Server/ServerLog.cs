using Microsoft.Extensions.Logging;
using Registry.Storage.Content;

namespace Registry.Server;

/// <summary>Everything the server logs. Ids: 3000–3099. An id that goes out of use is not given again.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(3000, LogLevel.Error, "request {RequestId}: {Method} {Path} failed unexpectedly", EventName = "RequestFailed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string requestId, string method, string path);

    [LoggerMessage(3001, LogLevel.Error, "request {RequestId}: {Method} {Path}: the storage failed: {Reason}", EventName = "StorageFailed")]
    public static partial void StorageFailed(ILogger logger, string requestId, string method, string path, string reason);

    [LoggerMessage(3010, LogLevel.Information, "pushed {Digest} to {Repository}, {Bytes} bytes", EventName = "Pushed")]
    public static partial void Pushed(ILogger logger, RepositoryName repository, Digest digest, long bytes);

    [LoggerMessage(3011, LogLevel.Information, "pushed {Repository}:{Reference}, {Digest}", EventName = "ManifestPushed")]
    public static partial void ManifestPushed(ILogger logger, RepositoryName repository, string reference, Digest digest);

    [LoggerMessage(3012, LogLevel.Information, "deleted {What} from {Repository}", EventName = "Deleted")]
    public static partial void Deleted(ILogger logger, RepositoryName repository, string what);

    [LoggerMessage(3013, LogLevel.Information, "{Repository} is free to be local or mirrored", EventName = "Released")]
    public static partial void Released(ILogger logger, RepositoryName repository);

    [LoggerMessage(3014, LogLevel.Warning, "{Path} is too long for a Unix socket: commands that need the running server will not reach it", EventName = "NoControlSocket")]
    public static partial void NoControlSocket(ILogger logger, string path);

    [LoggerMessage(3002, LogLevel.Warning, "request {RequestId}: {Path} broken off: {Reason}", EventName = "TransferBroken")]
    public static partial void TransferBroken(ILogger logger, string requestId, string path, string reason);
}
