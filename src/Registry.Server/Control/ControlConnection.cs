namespace Registry.Server.Control;

/// <summary>Marks what comes over the control socket, which only the server's own user can open.</summary>
internal sealed class ControlConnection;
