using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KapsoArchive.Tests.Lake.Views;

/// <summary>The order in which folders are listed, by any process (Linux, inotify).</summary>
internal sealed class FolderWatch : IDisposable
{
    private const int NonBlocking = 0x800;
    private const uint Open = 0x20;
    private const uint CloseUnwritten = 0x10;
    private const uint IsFolder = 0x4000_0000;
    private const int HeaderBytes = 16;

    private readonly SafeFileHandle _events = new(Initialize(NonBlocking), ownsHandle: true);
    private readonly Dictionary<int, string> _names = [];

    /// <param name="name">What the folder is called in <see cref="Take"/>.</param>
    /// <param name="folder">The folder itself, not those in it.</param>
    public void Add(string name, string folder) => _names[AddWatch(_events, folder, Open | CloseUnwritten)] = name;

    /// <summary>What happened since the last call: <c>+name</c> and <c>-name</c> as the listing of a folder begins and ends.</summary>
    public IReadOnlyList<string> Take()
    {
        List<string> taken = [];
        byte[] buffer = new byte[1 << 16];
        while (Read(_events, buffer, buffer.Length) is > 0 and var length)
        {
            for (int at = 0; at < length; at += HeaderBytes + BitConverter.ToInt32(buffer, at + 12))
            {
                uint what = BitConverter.ToUInt32(buffer, at + 4);
                if ((what & IsFolder) != 0 && BitConverter.ToInt32(buffer, at + 12) == 0)
                    taken.Add($"{((what & Open) != 0 ? '+' : '-')}{_names[BitConverter.ToInt32(buffer, at)]}");
            }
        }

        return taken;
    }

    public void Dispose() => _events.Dispose();

    [DllImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Initialize(int flags);

    [DllImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AddWatch(SafeFileHandle events, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mask);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(SafeFileHandle events, byte[] buffer, nint length);
}
