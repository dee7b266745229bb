using System.Diagnostics;
using System.Globalization;

namespace KapsoArchive.Core.Storage;

/// <summary>What Linux tells of processes, so that one can be proven dead; elsewhere nothing is known.</summary>
internal static class LinuxProcess
{
    /// <summary>Changes whenever the kernel starts, and differs between machines.</summary>
    public static string? KernelBoot { get; } = Ask(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>Differs between containers on the same kernel, unless they share their processes.</summary>
    public static string? PidNamespace { get; } = Ask(() => new FileInfo("/proc/self/ns/pid").LinkTarget);

    /// <summary>When a process began, in ticks since the boot; null where there is none or the system does not tell.</summary>
    public static long? StartOf(int processId) => Stat(processId)?.Start;

    /// <summary>The state of a process that is proven to be this one and to run, by the letters of proc_pid_stat(5); null if there is any doubt.</summary>
    public static char? StateOf(LockHolder holder) =>
        holder.KernelBoot is not null && holder.KernelBoot == KernelBoot && holder.PidNamespace is not null && holder.PidNamespace == PidNamespace
        && Stat(holder.ProcessId) is { } stat && stat.Start == holder.ProcessStart && stat.State is not ('Z' or 'X') ? stat.State : null;

    /// <summary>Whether a process of this number and start may run. Also true where the system does not let it be seen.</summary>
    public static bool MayRun(int processId, long start)
    {
        if (!IsTaken(processId))
            return false;

        // A process that its parent has not waited for yet keeps its number and is dead all the same.
        return Stat(processId) is not { } stat || (stat.Start == start && stat.State is not ('Z' or 'X'));
    }

    private static bool IsTaken(int processId)
    {
        try
        {
            // Asks the kernel and not /proc, where a mount option may hide the processes of others.
            using Process process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Fields 3 and 22 of <c>/proc/PID/stat</c>; see proc_pid_stat(5). The name before them may hold spaces and parentheses.</summary>
    private static (char State, long Start)? Stat(int processId)
    {
        string? text = Ask(() => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")));
        string[]? fields = text?[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is { Length: > 19 } && long.TryParse(fields[19], CultureInfo.InvariantCulture, out long start) ? (fields[0][0], start) : null;
    }

    private static string? Ask(Func<string?> question)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return question();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
