namespace Registry.Storage;

/// <summary>The store cannot be opened at all: its message says why and what to do, and is meant for the person who started the program.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>A refusal with its reason.</summary>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
