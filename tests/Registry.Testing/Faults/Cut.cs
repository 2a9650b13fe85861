namespace Registry.Testing.Faults;

/// <summary>How a body ends before its time.</summary>
internal enum Cut
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The connection is closed in order (FIN).</summary>
    Close,

    /// <summary>The connection is reset (RST); bytes still in the system's buffers may be lost with it.</summary>
    Reset,
}
