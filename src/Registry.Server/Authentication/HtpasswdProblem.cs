namespace Registry.Server.Authentication;

/// <summary>A line of an htpasswd file that gives nobody a password. Immutable.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Reason">What is wrong; nothing of the line stands in it.</param>
public readonly record struct HtpasswdProblem(int Line, string Reason);
