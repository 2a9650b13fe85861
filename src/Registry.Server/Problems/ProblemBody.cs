using System.Text.Json.Serialization;

namespace Registry.Server.Problems;

/// <summary>The body of an error.</summary>
/// <param name="Errors">One or more errors.</param>
internal sealed record ProblemBody([property: JsonPropertyName("errors")] IReadOnlyList<ProblemBodyError> Errors);
