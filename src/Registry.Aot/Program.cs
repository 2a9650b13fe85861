using System.CommandLine;
using Registry.Aot.Commands;

// The server ends by itself once its transfers are done (http.draintimeout): nothing here cuts that short.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = Timeout.InfiniteTimeSpan };

return await CommandLine.RunAsync(args, ProcessEnvironment.Read(), invocation, CancellationToken.None);
