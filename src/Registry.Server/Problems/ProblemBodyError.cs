using System.Text.Json.Serialization;

namespace Registry.Server.Problems;

/// <summary>One error in a body.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Detail">Under which id the log has it.</param>
internal sealed record ProblemBodyError(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("detail")] ProblemBodyDetail Detail);
