namespace Registry.Aot.Configuration;

/// <summary>A file of text cannot be read. The message names neither the file nor anything in it.</summary>
internal sealed class TextFileException : Exception
{
    /// <summary>Creates it for a place in the file, or for the whole of it.</summary>
    public TextFileException(string message, int line = 0, int column = 0)
        : base(message) =>
        (Line, Column) = (line, column);

    /// <summary>Line from 1; 0: the whole file.</summary>
    public int Line { get; }

    /// <summary>Column in bytes, from 1; 0: the whole file.</summary>
    public int Column { get; }
}
