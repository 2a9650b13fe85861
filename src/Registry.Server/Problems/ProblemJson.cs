using System.Text.Json;
using System.Text.Json.Serialization;

namespace Registry.Server.Problems;

/// <summary>Writes error bodies.</summary>
[JsonSerializable(typeof(ProblemBody))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Default)]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>The body of a problem in UTF-8.</summary>
    public static byte[] Serialize(Problem problem, string requestId) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new ProblemBody([new ProblemBodyError(problem.Code, problem.Message, new ProblemBodyDetail(requestId))]), Default.ProblemBody);
}
