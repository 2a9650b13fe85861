using System.Text.Json.Serialization;

namespace Registry.Server.Problems;

/// <summary>What goes with an error.</summary>
/// <param name="RequestId">The request's id, as in the <c>X-Request-Id</c> header and the log.</param>
internal sealed record ProblemBodyDetail([property: JsonPropertyName("requestId")] string RequestId);
