using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Registry.Storage.Content;
using Registry.Storage.Layout;

namespace Registry.Storage.Uploads;

/// <summary>
/// One push under way: a file that grows at its end, and the hash of it. What was appended survives the end of the process; the hash is made anew from the file then,
/// once.
/// </summary>
/// <remarks>All but <see cref="Length"/> is for whose turn it is, until <see cref="Exit"/>. Bytes that an append has returned from survive a kill, not a power cut.</remarks>
public sealed class UploadSession : IDisposable
{
    private const int ReadSize = 64 << 10;

    /// <summary>How many bytes are given to the disk at once while more come in: few are left to wait for at the end.</summary>
    private const int WriteBackSize = 8 << 20;

    private readonly string _directory;
    private readonly SafeFileHandle _file;
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private ContentHasher? _hasher;
    private DigestAlgorithm _algorithm;
    private long _length;
    private long _writtenBack;

    internal UploadSession(UploadId id, RepositoryName repository, string? owner, string directory, SafeFileHandle file, DigestAlgorithm algorithm, TimeProvider time)
    {
        Turn = new UploadTurn(time);
        Id = id;
        Repository = repository;
        Owner = owner;
        _directory = directory;
        _file = file;
        _algorithm = algorithm;
        _length = RandomAccess.GetLength(file);
        _writtenBack = _length;
        _hasher = _length == 0 ? new ContentHasher(algorithm) : null;
    }

    /// <summary>Its name.</summary>
    public UploadId Id { get; }

    /// <summary>The repository that it belongs to.</summary>
    public RepositoryName Repository { get; }

    /// <summary>The user who began it; null: nobody said who that was.</summary>
    public string? Owner { get; }

    /// <summary>How many bytes it holds.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>Whether it has been committed or cancelled.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether this object is of no more use: the session is over, or is to be opened anew.</summary>
    internal bool IsClosed { get; private set; }

    internal long LastUse { get; set; }

    internal UploadTurn Turn { get; }

    /// <summary>Told when others are to go on: whoever waits for a client is to <see cref="Exit"/> then, and leave what was appended.</summary>
    public CancellationToken Interrupted => Turn.Interrupted;

    /// <summary>Lets the next user in.</summary>
    public void Exit() => Turn.End();

    /// <summary>Adds bytes at the end: written and hashed where they lie.</summary>
    /// <exception cref="IOException">The disk refused: the session holds what it held before.</exception>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        CatchUp();
        _pieces.Clear();
        foreach (var piece in bytes)
        {
            _pieces.Add(piece);
        }

        RandomAccess.Write(_file, _pieces, _length);
        foreach (var piece in bytes)
        {
            _hasher!.Append(piece.Span);
        }

        Interlocked.Add(ref _length, bytes.Length);
        Turn.Progress();
        if (_length - _writtenBack >= WriteBackSize)
        {
            Durability.StartWriteBack(_file, _writtenBack, _length - _writtenBack);
            _writtenBack = _length;
        }
    }

    /// <summary>Drops the bytes from an offset on, as if they had never been appended. The rest is hashed again when the hash is next needed.</summary>
    /// <param name="length">How many bytes stay; at most <see cref="Length"/>.</param>
    /// <exception cref="IOException">The disk refused: the session holds what it held before.</exception>
    public void CutBack(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        if (length == _length)
        {
            return;
        }

        RandomAccess.SetLength(_file, length);
        Interlocked.Exchange(ref _length, length);
        _hasher?.Dispose();
        _hasher = null;
    }

    /// <summary>Whether the bytes have that digest. They are hashed again only if another algorithm, or nothing, was expected while they came.</summary>
    public bool Matches(Digest digest)
    {
        if (_algorithm != digest.Algorithm)
        {
            _algorithm = digest.Algorithm;
            _hasher?.Dispose();
            _hasher = null;
        }

        CatchUp();
        return _hasher!.Current() == digest;
    }

    /// <summary>Adds the file to a batch, to become a blob.</summary>
    /// <exception cref="IOException">The disk refused; the session lives on.</exception>
    internal void Stage(WriteBatch batch, string blob)
    {
        // A write that failed half way may have left bytes that were never counted.
        if (RandomAccess.GetLength(_file) != _length)
        {
            RandomAccess.SetLength(_file, _length);
        }

        batch.Move(_file, Path.Join(_directory, "data"), blob);
    }

    /// <summary>Gives the space back, unless the bytes have become a blob, and ends the session.</summary>
    internal void End()
    {
        // The file is closed too: while it is open its space is not free, deleted or not.
        IsOver = true;
        Close();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        Turn.Dispose();
    }

    /// <summary>Gives file and hash back; what was appended stays on the disk. Who waits to enter finds it closed.</summary>
    internal void Close()
    {
        IsClosed = true;
        _file.Dispose();
        _hasher?.Dispose();
    }

    // Hashes what the file holds and the hash does not.
    private void CatchUp()
    {
        _hasher ??= new ContentHasher(_algorithm);
        if (_hasher.Length == _length)
        {
            return;
        }

        var buffer = new byte[ReadSize];
        while (_hasher.Length < _length)
        {
            var read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(ReadSize, _length - _hasher.Length)), _hasher.Length);
            if (read == 0)
            {
                throw new IOException("The upload's file is shorter than what was written to it.");
            }

            _hasher.Append(buffer.AsSpan(0, read));
        }
    }
}
