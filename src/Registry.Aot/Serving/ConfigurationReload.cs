using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Registry.Aot.Configuration;

namespace Registry.Aot.Serving;

/// <summary>
/// Takes a changed configuration while the server runs: at SIGHUP, and when what stands in its file changes. All of it or, with an error in the log, nothing.
/// </summary>
/// <remarks>
/// The content is compared, not times or inodes: a file may be replaced by rename or behind a symbolic link. A change counts once two looks in a row saw the same, so
/// that a file caught while it is written is not taken for the whole. SIGHUP takes the files that the configuration names, such as passwords of upstreams, as well.
/// </remarks>
internal sealed class ConfigurationReload : IDisposable
{
    /// <summary>How often the file is looked at; a change is in force after two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(750);

    private readonly Func<Settings> _load;
    private readonly Action<Settings> _apply;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration _hangUp;
    private readonly bool _isPipe;
    private Settings _current;
    private string? _content;
    private string? _seen;
    private volatile bool _isAsked;

    /// <summary>From here on SIGHUP does not end the process.</summary>
    /// <param name="current">What is in force.</param>
    /// <param name="load">Loads it anew.</param>
    /// <param name="apply">Puts another in force; an exception says that it has not.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public ConfigurationReload(Settings current, Func<Settings> load, Action<Settings> apply, TimeProvider time, ILogger logger)
    {
        _current = current;
        _content = _seen = current.Text;
        _isPipe = current.File is { } file && !TextFile.IsRegular(file);
        _load = load;
        _apply = apply;
        _time = time;
        _logger = logger;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Ask();
        });
    }

    /// <summary>Loads anew at the next look, whether the file has changed or not.</summary>
    public void Ask() => _isAsked = true;

    /// <summary>Looks now and again until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, _time);
            while (await timer.WaitForNextTickAsync(stop))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Looks once. For one caller at a time.</summary>
    public void Look()
    {
        var isChanged = HasChanged();
        if (_isAsked || isChanged)
        {
            _isAsked = false;
            Take();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hangUp.Dispose();

    private bool HasChanged()
    {
        if (_isPipe || _current.File is not { } file)
        {
            return false;
        }

        string content;
        try
        {
            content = TextFile.Read(file);
        }
        catch (TextFileException broken)
        {
            content = broken.Message;
        }

        var isChanged = content == _seen && content != _content;
        _seen = content;
        if (isChanged)
        {
            _content = content;
        }

        return isChanged;
    }

    private void Take()
    {
        if (_isPipe)
        {
            ServeLog.ReloadRefused(_logger, $"{_current.File} is a pipe, and cannot be read a second time");
            return;
        }

        try
        {
            var fresh = _load();
            _content = _seen = fresh.Text;
            var changes = ConfigurationChange.Between(_current.Effective, fresh.Effective).ToList();
            if (changes.FindAll(static key => !ConfigurationChange.IsReloadable(key)) is { Count: > 0 } lasting)
            {
                ServeLog.RestartNeeded(_logger, string.Join(", ", lasting));
                return;
            }

            _apply(fresh);
            ServeLog.Reloaded(_logger, changes.Count == 0 ? "nothing" : string.Join(", ", changes));
            foreach (var warning in fresh.Warnings.ExceptBy(_current.Warnings.Select(static before => before.Message), static warning => warning.Message))
            {
                ServeLog.ConfigurationWarning(_logger, warning.ToString());
            }

            _current = fresh;
        }
        catch (ConfigurationException wrong)
        {
            foreach (var problem in wrong.Errors)
            {
                ServeLog.ReloadRefused(_logger, problem.ToString());
            }
        }
        catch (Exception e)
        {
            // Whatever it is: no file ends a server that runs.
            ServeLog.ReloadRefused(_logger, e.Message);
        }
    }
}
