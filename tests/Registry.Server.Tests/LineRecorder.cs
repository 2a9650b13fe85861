using System.Text;

namespace Registry.Server.Tests;

/// <summary>Keeps the lines that are written to it. Thread-safe.</summary>
internal sealed class LineRecorder : MemoryStream
{
    private readonly Lock _gate = new();

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

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            base.Write(buffer);
        }
    }
}
