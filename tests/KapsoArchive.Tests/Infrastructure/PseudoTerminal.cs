using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>A terminal of which the test is the keyboard and the screen. Linux only.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int ReadWriteWithoutControl = 0x102;

    private readonly FileStream _master;
    private readonly StringBuilder _screen = new();

    public PseudoTerminal()
    {
        SafeFileHandle master = OpenMaster(ReadWriteWithoutControl);
        (master.IsInvalid ? -1 : Grant(master)).ShouldBe(0);
        Unlock(master).ShouldBe(0);
        byte[] name = new byte[64];
        NameOf(master, name, name.Length).ShouldBe(0);
        Path = Encoding.ASCII.GetString(name).TrimEnd('\0');
        _master = new FileStream(master, FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>What a program opens to use it.</summary>
    public string Path { get; }

    /// <summary>Gives the terminal to a program: as its stdin and stderr. Its stdout stays redirected.</summary>
    public ProcessStartInfo Attach(ProcessStartInfo program)
    {
        string[] command = [program.FileName, .. program.ArgumentList];
        program.FileName = "/bin/sh";
        program.ArgumentList.Clear();
        foreach (string argument in (string[])["-c", "tty=$1; shift; exec \"$@\" <>\"$tty\" 2>\"$tty\"", "sh", Path, .. command])
            program.ArgumentList.Add(argument);
        return program;
    }

    /// <summary>What was seen on it.</summary>
    public string Screen => _screen.ToString();

    /// <summary>Waits until the screen shows a text, or the program has left the terminal.</summary>
    public async Task SeeAsync(string text, CancellationToken cancellationToken)
    {
        byte[] read = new byte[4096];
        while (!Screen.Contains(text, StringComparison.Ordinal))
        {
            int count = await ReadAsync(read, cancellationToken);
            if (count == 0)
                return;
            _screen.Append(Encoding.UTF8.GetString(read, 0, count));
        }
    }

    public async Task TypeAsync(string line, CancellationToken cancellationToken) => await _master.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);

    public void Dispose() => _master.Dispose();

    private async Task<int> ReadAsync(byte[] read, CancellationToken cancellationToken)
    {
        try
        {
            return await _master.ReadAsync(read, cancellationToken);
        }
        catch (IOException)
        {
            return 0; // Nobody has it open any more.
        }
    }

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle OpenMaster(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Grant(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unlock(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NameOf(SafeFileHandle master, byte[] name, nint length);
}
