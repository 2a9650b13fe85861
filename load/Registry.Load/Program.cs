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

using var timeout = new CancellationTokenSource(options.Longest);
return await new LoadRun(options).RunAsync(timeout.Token);
