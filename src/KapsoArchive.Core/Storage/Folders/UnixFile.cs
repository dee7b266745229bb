using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Finds out the kind of a file on Linux and macOS, and opens it without blocking. .NET has no call for either.</summary>
internal static class UnixFile
{
    private const int NoSuchFile = 2;
    private const int NoSuchDevice = 6;
    private const int NoPermission = 13;
    private const int NotAFolder = 20;

    private const int TypeMask = 0xF000;

    public static bool IsSupported { get; } = Environment.Is64BitProcess && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS());

    // Read only, non-blocking (for pipes), not inherited by child processes, no controlling terminal.
    private static int OpenFlags => OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 | 0x20000 : 0x800 | 0x80000 | 0x100;

    /// <summary>The kind of the object at the path, without following a link; null if the path is empty or cannot be read.</summary>
    public static FileKind? KindOf(string path) => LStat(path, out Status status) == 0 ? KindOf(status) : null;

    /// <summary>The kind of the open file.</summary>
    public static FileKind KindOf(SafeFileHandle handle) =>
        FStat(handle, out Status status) == 0
            ? KindOf(status)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());

    /// <summary>Whether this process's user owns the object at the path.</summary>
    public static bool IsOwn(string path) => LStat(path, out Status status) == 0 && status.Owner == UserId();

    /// <returns>Null if the file does not exist.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The permission is missing.</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        SafeFileHandle handle = Open(path, OpenFlags);
        if (!handle.IsInvalid)
            return handle;
        int error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        var reason = new Win32Exception(error);
        return error switch
        {
            NoSuchFile or NotAFolder => null,
            NoSuchDevice => throw new RefusedFileException(path, FileKinds.Oddity(KindOf(path) ?? FileKind.Socket) ?? "cannot be opened"),
            NoPermission => throw new UnauthorizedAccessException(reason.Message, reason),
            _ => throw new IOException(reason.Message, error),
        };
    }

    /// <summary>The path with all links resolved; null if it leads nowhere.</summary>
    public static string? RealPath(string path)
    {
        IntPtr real = RealPath(path, IntPtr.Zero);
        if (real == IntPtr.Zero)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(real);
        }
        finally
        {
            Free(real);
        }
    }

    private static FileKind KindOf(Status status) => (status.Mode & TypeMask) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        0x1000 => FileKind.Pipe,
        0xC000 => FileKind.Socket,
        _ => FileKind.Device,
    };

    // The runtime's own library: unlike the C library, its structure is the same on every system.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_LStat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LStat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, out Status status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint UserId();

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_FStat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FStat(SafeFileHandle handle, out Status status);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "realpath", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr RealPath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, IntPtr buffer);

    [DllImport("libc", EntryPoint = "free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Free(IntPtr memory);

    /// <summary>The fields used here. The padding holds the others that the runtime fills in.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Status
    {
        [FieldOffset(4)]
        public readonly int Mode;

        [FieldOffset(8)]
        public readonly uint Owner;
    }
}
