namespace KapsoArchive.Core.Storage;

/// <summary>Process information from Linux, used to prove that a process is dead. On other systems nothing is known.</summary>
internal static class LinuxProcess
{
    /// <summary>Changes with every start of the kernel and differs between machines.</summary>
    public static string? KernelBoot { get; } = Ask(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>Differs between containers on the same kernel, unless they share a process namespace.</summary>
    public static string? PidNamespace { get; } = Ask(() => new FileInfo("/proc/self/ns/pid").LinkTarget);

    /// <summary>The start of a process, in ticks since the boot; null if it does not exist or the system does not report it.</summary>
    public static long? StartOf(int processId) => Stat(processId)?.Start;

    /// <summary>The state of a process proven to be this one and running, as a letter of proc_pid_stat(5); null if in doubt.</summary>
    public static char? StateOf(LockHolder holder) =>
        holder.KernelBoot is not null && holder.KernelBoot == KernelBoot && holder.PidNamespace is not null
            && holder.PidNamespace == PidNamespace
        && Stat(holder.ProcessId) is { } stat && stat.Start == holder.ProcessStart && stat.State is not ('Z' or 'X') ? stat.State : null;

    /// <summary>Whether a process with this id and start time may be running. Also true if the system hides it.</summary>
    public static bool MayRun(int processId, long start)
    {
        if (!IsTaken(processId))
            return false;

        // A zombie process keeps its id but is dead.
        return Stat(processId) is not { } stat || (stat.Start == start && stat.State is not ('Z' or 'X'));
    }

    private static bool IsTaken(int processId)
    {
        try
        {
            // Asks the kernel instead of /proc, because a mount option may hide other users' processes.
            using Process process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Fields 3 and 22 of <c>/proc/PID/stat</c>; see proc_pid_stat(5). The name before them may contain spaces and
    /// parentheses.</summary>
    private static (char State, long Start)? Stat(int processId)
    {
        string? text = Ask(() => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")));
        string[]? fields = text?[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is { Length: > 19 } && long.TryParse(fields[19], CultureInfo.InvariantCulture, out long start)
            ? (fields[0][0], start)
            : null;
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
