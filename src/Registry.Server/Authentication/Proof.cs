namespace Registry.Server.Authentication;

/// <summary>What a client shows of who it is.</summary>
internal enum Proof
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A right password.</summary>
    Password,

    /// <summary>A token of ours, a user's or an anonymous client's.</summary>
    Token,

    /// <summary>A wrong password, or something that is no proof at all.</summary>
    WrongPassword,

    /// <summary>A token that is not ours, has expired, or whose user is gone.</summary>
    WrongToken,

    /// <summary>A password that was not checked, because too many were.</summary>
    HeldBack,
}
