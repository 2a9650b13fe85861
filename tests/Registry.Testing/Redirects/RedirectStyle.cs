namespace Registry.Testing.Redirects;

/// <summary>Where a scripted upstream sends those who ask for a blob.</summary>
public enum RedirectStyle
{
    /// <summary>Nowhere: it sends the blob itself.</summary>
    None,

    /// <summary>To a signed link at the CDN's host, which answers 400 when it is sent credentials.</summary>
    Cdn,

    /// <summary>To a signed link on its own host, by a relative Location.</summary>
    Relative,

    /// <summary>Round and round.</summary>
    Loop,
}
