using System.Runtime.InteropServices;
using Registry.Load;
using Registry.Load.Servers;

if (args is ["upstream"])
{
    await UpstreamCommands.RunAsync(CancellationToken.None);
    return 0;
}

if (LoadOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(LoadOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource(options.Longest);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await new LoadRun(options).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("load/run: stopped, without reports");
    return 1;
}

// The servers end and their directories go before this process does.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
