namespace Registry.Aot.Configuration.Tree;

/// <summary>The text is no YAML, or uses a part of YAML that a configuration must not.</summary>
internal sealed class YamlSyntaxException : Exception
{
    /// <summary>Creates it for a place.</summary>
    public YamlSyntaxException(Origin origin, string message, Exception? inner = null)
        : base(message, inner) => Origin = origin;

    /// <summary>Where.</summary>
    public Origin Origin { get; }
}
