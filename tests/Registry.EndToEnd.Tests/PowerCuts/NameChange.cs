namespace Registry.EndToEnd.PowerCuts;

/// <summary>
/// Something done to names that may not be on the disk yet. A rename changes two, and both survive or none: every file system with a journal sees to that, and POSIX asks
/// for it.
/// </summary>
/// <param name="At">When: a number that grows.</param>
/// <param name="Parts">The names and what they mean from then on; null: nothing.</param>
internal sealed record NameChange(long At, params IReadOnlyList<(DiskDirectory Directory, string Name, DiskNode? Node)> Parts);
