namespace Registry.Aot.Configuration.Tree;

/// <summary>Where something was written: a place in a file, or the environment variable whose name is <paramref name="Source"/>. Immutable.</summary>
/// <param name="Source">Path of the file as the user gave it, or a variable's name; <c>default</c> where nobody wrote it.</param>
/// <param name="Line">Line from 1; 0: no place inside the source is known, or it has none.</param>
/// <param name="Column">Column from 1; 0 as <paramref name="Line"/>.</param>
internal readonly record struct Origin(string Source, int Line = 0, int Column = 0)
{
    /// <summary><c>config.yml:3:5</c>, or the variable's name.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
