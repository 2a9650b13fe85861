using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Registry.Storage.Layout;

/// <summary>Replaces files of the user's, which others may read at the same time. Linux; blocking.</summary>
public static partial class FileReplacement
{
    private const int AtCurrentDirectory = -100;

    private const uint OwnerAndGroup = 0x18;

    // struct statx: the owner stands at byte 20 and the group at byte 24 on every architecture.
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const int StatusSize = 256;

    /// <summary>
    /// Gives a file new content: readers see the old or the new whole, also after a power cut. Mode and owner stay; through a symbolic link, its target is replaced. A file
    /// that is a mount of its own, as containers have them, cannot be replaced and is written where it lies.
    /// </summary>
    /// <param name="path">The file, which need not be there yet.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="newMode">The mode of a file that is not there yet.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode newMode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var mode = File.Exists(target) ? File.GetUnixFileMode(target) : newMode;
        var beside = $"{target}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        try
        {
            using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                stream.Write(content);
                KeepOwner(target, beside);
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch (IOException) when (File.Exists(target) && File.Exists(beside))
        {
            File.Delete(beside);
            using var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            stream.Write(content);
            stream.SetLength(content.Length);
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    // Root edits what the server's own user must still be able to read.
    private static void KeepOwner(string target, string beside)
    {
        Span<byte> status = stackalloc byte[StatusSize];
        if (Status(AtCurrentDirectory, target, 0, OwnerAndGroup, status) == 0)
        {
            var owner = MemoryMarshal.Read<uint>(status[OwnerOffset..]);
            var group = MemoryMarshal.Read<uint>(status[GroupOffset..]);

            // Who is not root may not, and then the file was that user's own or its directory's.
            _ = ChangeOwner(beside, owner, group);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
