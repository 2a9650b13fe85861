namespace Registry.Testing.Faults;

/// <summary>Holds exchanges until the test lets them go on. Opens once and for all. Thread-safe.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first exchange stands at the gate.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets all exchanges go on, those that stand here and those to come.</summary>
    public void Release() => _released.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
