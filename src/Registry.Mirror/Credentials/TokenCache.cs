namespace Registry.Mirror.Credentials;

/// <summary>
/// The tokens of one endpoint. Whoever needs a token that is being fetched joins that fetch and keeps its own cancellation; when the last one has left, the fetch
/// is cancelled. Failures are told to all that wait and are not kept. Thread-safe.
/// </summary>
internal sealed class TokenCache(Func<TokenKey, CancellationToken, Task<TokenResult>> fetch, TimeProvider time)
{
    /// <summary>Most tokens kept; the least recently used goes first. A token and its key are a few KiB.</summary>
    public const int MostTokens = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TokenKey, LinkedListNode<(TokenKey Key, BearerToken Token)>> _tokens = [];
    private readonly LinkedList<(TokenKey Key, BearerToken Token)> _byUse = [];
    private readonly Dictionary<TokenKey, Flight> _flights = [];

    /// <summary>A token to be used now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<TokenResult> GetAsync(TokenKey key, CancellationToken cancellation)
    {
        Flight? flight;
        lock (_lock)
        {
            if (Find(key) is { } token)
            {
                return new TokenResult(token, null);
            }

            if (!_flights.TryGetValue(key, out flight))
            {
                var started = new Flight();
                started.Landing = Task.Run(() => FlyAsync(key, started), CancellationToken.None);
                _flights.Add(key, flight = started);
            }

            flight.Waiters++;
        }

        try
        {
            return await flight.Landing.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    /// <summary>Forgets a token that was refused, unless another has taken its place already.</summary>
    public void Drop(TokenKey key, BearerToken refused)
    {
        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out var node) && ReferenceEquals(node.Value.Token, refused))
            {
                Remove(node);
            }
        }
    }

    private BearerToken? Find(TokenKey key)
    {
        if (!_tokens.TryGetValue(key, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        if (node.Value.Token.UseUntil <= time.GetUtcNow())
        {
            _tokens.Remove(key);
            return null;
        }

        _byUse.AddFirst(node);
        return node.Value.Token;
    }

    private async Task<TokenResult> FlyAsync(TokenKey key, Flight flight)
    {
        try
        {
            var result = await fetch(key, flight.Cancellation.Token);
            if (result.Token is { } token)
            {
                Keep(key, token);
            }

            return result;
        }
        finally
        {
            lock (_lock)
            {
                Close(key, flight);
            }
        }
    }

    private void Keep(TokenKey key, BearerToken token)
    {
        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out var older))
            {
                Remove(older);
            }

            _tokens.Add(key, _byUse.AddFirst((key, token)));
            if (_tokens.Count > MostTokens)
            {
                Remove(_byUse.Last!);
            }
        }
    }

    private void Remove(LinkedListNode<(TokenKey Key, BearerToken Token)> node)
    {
        _tokens.Remove(node.Value.Key);
        _byUse.Remove(node);
    }

    private void Leave(TokenKey key, Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Waiters > 0)
            {
                return;
            }

            Close(key, flight);
        }

        // Outside the lock: cancelling runs the callbacks of others.
        flight.Cancellation.Cancel();
    }

    // Whoever comes next starts anew. The flight may be closed by its end and by its last waiter, in any order.
    private void Close(TokenKey key, Flight flight)
    {
        if (_flights.TryGetValue(key, out var current) && ReferenceEquals(current, flight))
        {
            _flights.Remove(key);
        }
    }

    private sealed class Flight
    {
        // Not disposed: without a timer it holds nothing, and the fetch may still look at its token after the last waiter has left.
        public CancellationTokenSource Cancellation { get; } = new();

        public Task<TokenResult> Landing { get; set; } = null!;

        public int Waiters { get; set; }
    }
}
