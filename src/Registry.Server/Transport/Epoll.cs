using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Registry.Server.Transport;

/// <summary>epoll(7) of Linux, as far as waiting once at a time for a socket to be writable needs it. Lives as long as the process. Thread-safe.</summary>
internal sealed partial class Epoll
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Modify = 3;
    private const uint Writable = 0x4;
    private const uint OneShot = 1u << 30;
    private const int InterruptedCall = 4;

    // The kernel packs the structure on x86-64 alone.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(long);

    private readonly int _handle;

    /// <summary>Makes an empty set.</summary>
    /// <exception cref="IOException">There are no more descriptors.</exception>
    public Epoll()
    {
        _handle = Create(CloseOnExec);
        if (_handle < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>Asks to be told once when a socket is writable or broken; now, if it is. A socket leaves the set when it is closed.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="id">What <see cref="Wait"/> will say.</param>
    /// <param name="isKnown">Whether it was asked about before.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Arm(SafeSocketHandle socket, long id, bool isKnown)
    {
        Span<byte> arming = stackalloc byte[EventSize];
        MemoryMarshal.Write(arming, Writable | OneShot);
        MemoryMarshal.Write(arming[DataOffset..], id);
        if (Control(_handle, isKnown ? Modify : Add, socket, ref MemoryMarshal.GetReference(arming)) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>Waits until at least one socket is ready, and gives the ids of those that are.</summary>
    /// <returns>How many there are.</returns>
    public int Wait(Span<long> ids)
    {
        Span<byte> events = stackalloc byte[ids.Length * EventSize];
        int count;
        while ((count = WaitFor(_handle, ref MemoryMarshal.GetReference(events), ids.Length, -1)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != InterruptedCall)
            {
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            }
        }

        for (var i = 0; i < count; i++)
        {
            ids[i] = MemoryMarshal.Read<long>(events[((i * EventSize) + DataOffset)..]);
        }

        return count;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int set, int operation, SafeSocketHandle socket, ref byte arming);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitFor(int set, ref byte events, int count, int timeout);
}
