namespace Registry.Load.Simulations;

/// <summary>How one run of a step ended.</summary>
/// <param name="Error">What went wrong; null when nothing did.</param>
internal readonly record struct Response(string? Error)
{
    public static Response Ok => default;

    public static Response Fail(string error) => new(error);

    /// <summary>Good when the status is the one expected.</summary>
    public static Response Expect(int status, int expected) => status == expected ? Ok : Fail($"status {status}");
}
