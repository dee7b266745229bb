using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace KapsoArchive.Tests.Damage;

/// <summary>Puts something that is no regular file into the place of one.</summary>
internal static class StrangeFile
{
    private const uint ReadableByAll = 0x1B6;

    /// <summary>By the words that the program has for it: how it is made at a path. The second argument is a folder outside the archive.</summary>
    public static IReadOnlyDictionary<string, Action<string, string>> Kinds { get; } = OperatingSystem.IsWindows()
        ? new Dictionary<string, Action<string, string>> { [Folder] = (path, _) => Directory.CreateDirectory(path) }
        : new Dictionary<string, Action<string, string>>
        {
            [Pipe] = (path, _) => MakePipe(path),
            ["is a socket"] = (path, _) => MakeSocket(path),
            [Folder] = (path, _) => Directory.CreateDirectory(path),
            [LinkOut] = Link,
        };

    public const string Pipe = "is a named pipe";
    public const string Folder = "is a folder, not a file";
    public const string LinkOut = "is a symbolic link that leads out of the folder, or nowhere";

    public static void MakePipe(string path) => MakePipe(path, ReadableByAll).ShouldBe(0);

    /// <summary>Takes away what was made.</summary>
    public static void Remove(string path)
    {
        if (new FileInfo(path).LinkTarget is null && Directory.Exists(path))
            Directory.Delete(path);
        else
            File.Delete(path);
    }

    private static void MakeSocket(string path)
    {
        // The path of a socket is short; it is made elsewhere and moved.
        string made = Path.Combine(Path.GetTempPath(), $"s{Guid.NewGuid():N}"[..12]);
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(made));
            Rename(made, path).ShouldBe(0);
        }
    }

    private static void Link(string path, string outside)
    {
        string target = Path.Combine(outside, "secret");
        File.WriteAllText(target, "secret");
        File.CreateSymbolicLink(path, target);
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
