namespace Registry.Server.Control;

/// <summary>What commands ask a running server for, over its control socket. Answers are plain text for a person; 200 says that it was done.</summary>
public static class ControlPaths
{
    /// <summary>POST with <c>?name=</c>: forgets whether an empty repository was local or mirrored.</summary>
    public const string ReleaseRepository = "/repositories/release";
}
