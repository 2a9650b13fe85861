namespace Registry.Server.Logging;

/// <summary>Where lines go: each whole, one after the other. Thread-safe. A sink that has gone away (a closed pipe) is written to no more.</summary>
public sealed class LogSink(Stream stream)
{
    private readonly Lock _gate = new();
    private bool _isGone;

    /// <summary>Writes one line, its newline included.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_isGone)
            {
                return;
            }

            try
            {
                stream.Write(line);
                stream.Flush();
            }
            catch (IOException)
            {
                _isGone = true;
            }
        }
    }
}
