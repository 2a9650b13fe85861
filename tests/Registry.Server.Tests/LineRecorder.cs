using System.Text;

namespace Registry.Server.Tests;

/// <summary>Keeps the lines that are written to it. Thread-safe.</summary>
internal sealed class LineRecorder : MemoryStream
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string[] Lines
    {
        get
        {
            lock (_gate)
            {
                return Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    /// <summary>Waits until there are so many.</summary>
    public async Task<string[]> WaitAsync(int count, CancellationToken cancellation)
    {
        while (true)
        {
            Task written;
            lock (_gate)
            {
                written = _written.Task;
            }

            if (Lines is { } lines && lines.Length >= count)
            {
                return lines;
            }

            await written.WaitAsync(cancellation);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            base.Write(buffer);
            _written.SetResult();
            _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
