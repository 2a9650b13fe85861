using System.Collections.Concurrent;

namespace Registry.Server.Acme;

/// <summary>The answers to challenges that are under way: few, since one order runs at a time. Thread-safe.</summary>
internal sealed class Http01Challenges
{
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);

    /// <summary>The key authorization of a token; null: none is under way with it.</summary>
    public string? Find(string token) => _answers.GetValueOrDefault(token);

    /// <summary>Answers a token from now on.</summary>
    public void Add(string token, string keyAuthorization) => _answers[token] = keyAuthorization;

    /// <summary>Answers it no more.</summary>
    public void Remove(string token) => _answers.TryRemove(token, out _);
}
