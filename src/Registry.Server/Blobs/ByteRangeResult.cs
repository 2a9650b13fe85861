namespace Registry.Server.Blobs;

/// <summary>What a <c>Range</c> header comes to.</summary>
public enum ByteRangeResult
{
    /// <summary>The whole blob: 200.</summary>
    Whole,

    /// <summary>A part of it: 206.</summary>
    Part,

    /// <summary>Nothing that the blob has: 416.</summary>
    Unsatisfiable,
}
