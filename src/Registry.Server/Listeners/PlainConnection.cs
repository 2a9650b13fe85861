namespace Registry.Server.Listeners;

/// <summary>Marks what comes over the second, plain listener.</summary>
internal sealed class PlainConnection;
