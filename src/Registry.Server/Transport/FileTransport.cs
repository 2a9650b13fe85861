using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Registry.Server.Transport;

/// <summary>Puts a <see cref="FileOutput"/> under Kestrel's HTTP, as a connection middleware. Thread-safe.</summary>
internal sealed class FileTransport(TimeProvider time, TimeSpan writeTimeout)
{
    /// <summary>A block of what is written: headers and most manifests fit into one, and none is kept between answers.</summary>
    private const int BlockSize = 8 << 10;

    /// <summary>Adds it to a listener, after what encrypts.</summary>
    public void Use(ListenOptions listen)
    {
        if (OperatingSystem.IsLinux())
        {
            listen.Use(next => connection => RunAsync(connection, next));
        }
    }

    /// <summary>Adds what an encrypted connection's records go to, before what encrypts.</summary>
    public static void UseRecords(ListenOptions listen)
    {
        if (OperatingSystem.IsLinux())
        {
            listen.Use(next => connection => RunUnderTlsAsync(connection, next));
        }
    }

    private static async Task RunUnderTlsAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            await next(connection);
            return;
        }

        var transport = connection.Transport;
        var records = new RecordOutput(socket);
        connection.Transport = new FileDuplexPipe(transport.Input, records);
        connection.Features.Set(records);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using var stall = new StallTimer(connection, time, writeTimeout);
        if (CreateOutput(connection, stall) is not { } output)
        {
            await next(connection);
            return;
        }

        var transport = connection.Transport;
        connection.Transport = new FileDuplexPipe(transport.Input, output);
        connection.Features.Set(output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
            await output.CloseAsync();
        }
    }

    private static FileOutput? CreateOutput(ConnectionContext connection, StallTimer stall)
    {
        if (connection.Features.Get<ISslStreamFeature>() is { } tls)
        {
            return new TlsOutput(tls.SslStream, connection.Features.Get<RecordOutput>(), connection.Transport.Output, stall, connection.ConnectionClosed);
        }

        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return null;
        }

        var pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool ?? MemoryPool<byte>.Shared;
        var bytes = PipeWriter.Create(new NetworkStream(socket, ownsSocket: false), new StreamPipeWriterOptions(minimumBufferSize: BlockSize, leaveOpen: true));
        return new SocketOutput(socket, bytes, pool, stall);
    }
}
