using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;
using Registry.Server.Transport;

namespace Registry.Bench.Transport;

/// <summary>A piece of a file to a socket that has room for it, and out of the socket at the other end.</summary>
public class SendFileBenchmarks
{
    /// <summary>Fits into a socket's buffers whatever their size.</summary>
    private const int Piece = 16 << 10;

    private readonly string _path = Path.GetTempFileName();
    private readonly byte[] _received = new byte[Piece];
    private SafeFileHandle _file = null!;
    private Socket _sender = null!;
    private Socket _receiver = null!;
    private SocketOutput _output = null!;

    [GlobalSetup]
    public void Setup()
    {
        File.WriteAllBytes(_path, new byte[Piece]);
        _file = File.OpenHandle(_path);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        _receiver = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _receiver.Connect(listener.LocalEndPoint!);
        _sender = listener.Accept();
        var bytes = PipeWriter.Create(new NetworkStream(_sender, ownsSocket: false));
        _output = new SocketOutput(_sender, bytes, MemoryPool<byte>.Shared, new StallTimer(new DefaultConnectionContext(), TimeProvider.System, TimeSpan.FromMinutes(1)));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _output.CloseAsync();
        _sender.Dispose();
        _receiver.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    [Benchmark]
    public bool Send16KiB()
    {
        var sending = _output.SendFileAsync(_output, _file, 0, Piece, CancellationToken.None);
        for (var received = 0; received < Piece;)
        {
            received += _receiver.Receive(_received);
        }

        return sending.IsCompletedSuccessfully;
    }
}
