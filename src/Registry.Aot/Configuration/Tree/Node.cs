namespace Registry.Aot.Configuration.Tree;

/// <summary>A value of the configuration as it was written. Immutable.</summary>
/// <param name="Origin">Where it begins.</param>
internal abstract record Node(Origin Origin)
{
    /// <summary>What it is, for messages: <c>a list</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it is written as nothing, which means the same as not written.</summary>
    public virtual bool IsNull => false;
}
