using System.IO.Pipelines;

namespace Registry.Server.Transport;

/// <summary>A connection's input with an output of ours.</summary>
internal sealed record FileDuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
