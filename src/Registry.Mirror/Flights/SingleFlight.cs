using System.Collections.Concurrent;

namespace Registry.Mirror.Flights;

/// <summary>
/// Work that many may want at once and that is done once. Thread-safe.
/// </summary>
/// <remarks>
/// The work belongs to nobody: it runs to its end whoever leaves, under the token given at construction alone. Every waiter hears the same outcome. An ended
/// flight is forgotten at once: who comes later starts anew.
/// </remarks>
/// <typeparam name="TKey">What the work is for.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
internal sealed class SingleFlight<TKey, TResult>(CancellationToken lifetime)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TResult>>> _flights = new();

    /// <summary>The flight of that key, started now if there is none. Wait for it with a token of one's own.</summary>
    public Task<TResult> JoinAsync<TState>(TKey key, TState state, Func<TKey, TState, CancellationToken, Task<TResult>> work)
    {
        if (_flights.TryGetValue(key, out var running))
        {
            return running.Value;
        }

        var started = _flights.GetOrAdd(key, new Lazy<Task<TResult>>(() => RunAsync(key, state, work)));
        return started.Value;
    }

    private Task<TResult> RunAsync<TState>(TKey key, TState state, Func<TKey, TState, CancellationToken, Task<TResult>> work) =>
        Task.Run(
            async () =>
            {
                try
                {
                    return await work(key, state, lifetime).ConfigureAwait(false);
                }
                finally
                {
                    _flights.TryRemove(key, out _);
                }
            },
            lifetime);
}
