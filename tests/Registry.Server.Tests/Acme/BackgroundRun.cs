namespace Registry.Server.Tests.Acme;

/// <summary>Something that runs until it is disposed of.</summary>
internal sealed class BackgroundRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public BackgroundRun(Func<CancellationToken, Task> run) => _run = run(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // As wished.
        }

        _stop.Dispose();
    }
}
