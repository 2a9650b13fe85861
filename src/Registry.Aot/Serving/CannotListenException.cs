namespace Registry.Aot.Serving;

/// <summary>The server cannot listen where it was told to: its message says why and what to do.</summary>
internal sealed class CannotListenException(string message, Exception inner) : Exception(message, inner);
