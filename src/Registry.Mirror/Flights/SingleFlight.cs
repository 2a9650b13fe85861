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
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Task<TResult>> _flights = [];

    /// <summary>The flight of that key, started now if there is none. Wait for it with a token of one's own.</summary>
    public Task<TResult> JoinAsync<TState>(TKey key, TState state, Func<TKey, TState, CancellationToken, Task<TResult>> work)
    {
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out var flight))
            {
                flight = Task.Run(() => RunAsync(key, state, work));
                _flights.Add(key, flight);
            }

            return flight;
        }
    }

    private async Task<TResult> RunAsync<TState>(TKey key, TState state, Func<TKey, TState, CancellationToken, Task<TResult>> work)
    {
        try
        {
            return await work(key, state, lifetime);
        }
        finally
        {
            lock (_gate)
            {
                _flights.Remove(key);
            }
        }
    }
}
