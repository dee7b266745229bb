using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KapsoArchive.Tests.Infrastructure;

/// <summary>Signals a process as a terminal or a supervisor does, without a program such as <c>kill</c>, which not every machine
/// has.</summary>
internal static class Signal
{
    public static void Send(Process process, int signal) => Kill(process.Id, signal).ShouldBe(0, $"signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
