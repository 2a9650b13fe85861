using System.Text;
using Microsoft.Extensions.Logging;

namespace Registry.Server.Authentication;

/// <summary>
/// The users of an htpasswd file, read again when what it holds changes: by writing, by rename, or behind a symbolic link. Thread-safe.
/// </summary>
/// <remarks>
/// The content is compared, not times or inodes, which can stay the same when it changes and differ when it does not. A change counts once two looks in a row saw the
/// same, so that a file caught while it is written is not taken for the whole; that is within two intervals.
/// </remarks>
internal sealed class HtpasswdFile : IDisposable
{
    /// <summary>Longest file: about 15,000 users.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(750);

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private byte[] _content = [];
    private byte[] _seen = [];
    private bool _isMissing;
    private volatile UserTable _users = UserTable.Empty;

    /// <summary>Reads the file, which need not be there yet, and keeps looking at it.</summary>
    public HtpasswdFile(string path, TimeProvider time, ILogger logger)
    {
        _path = path;
        _logger = logger;
        if (TryRead(out var reason) is { } content)
        {
            Take(content);
        }
        else
        {
            _isMissing = true;
            AuthenticationLog.Missing(logger, path, reason);
        }

        _timer = time.CreateTimer(static file => ((HtpasswdFile)file!).Look(), this, Interval, Interval);
    }

    /// <summary>The users as they were last read. Another object when, and only when, the file has changed.</summary>
    public UserTable Users => _users;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A look that takes longer than the interval is not overtaken.
        if (!_looking.TryEnter())
        {
            return;
        }

        try
        {
            if (TryRead(out var reason) is not { } content)
            {
                if (!_isMissing)
                {
                    AuthenticationLog.Unreadable(_logger, _path, reason);
                }

                _isMissing = true;
                return;
            }

            var isStable = content.AsSpan().SequenceEqual(_seen);
            _seen = content;
            if (isStable && (_isMissing || !content.AsSpan().SequenceEqual(_content)))
            {
                _isMissing = false;
                Take(content);
            }
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void Take(byte[] content)
    {
        var users = UserTable.Parse(Encoding.UTF8.GetString(content).TrimStart('\uFEFF'));
        foreach (var problem in users.Problems)
        {
            AuthenticationLog.LineWrong(_logger, _path, problem.Line, problem.Reason);
        }

        AuthenticationLog.UsersLoaded(_logger, _path, users.Names.Count());
        _content = _seen = content;
        _users = users;
    }

    private byte[]? TryRead(out string reason)
    {
        reason = "";
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var buffer = new byte[Math.Min(file.Length, MaxBytes) + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length <= MaxBytes)
            {
                return buffer[..length];
            }

            reason = $"it is longer than {MaxBytes >> 20} MiB";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file; registry user add NAME makes it"
                : Directory.Exists(_path) ? "it is a directory; expected a file in auth.htpasswd.path, such as htpasswd in that directory"
                : e.Message;
        }

        return null;
    }
}
