using System.Globalization;
using KapsoArchive.Core.Text;

namespace KapsoArchive.Core.Storage;

/// <summary>Who holds a store's lock.</summary>
/// <param name="Host">The machine's name, for people: two containers may bear the same.</param>
/// <param name="ProcessId">The process's number on its machine, in its container.</param>
/// <param name="Since">When it took the lock, UTC.</param>
/// <param name="Purpose">What for, such as <c>run 20261122T020000Z-1a2b3c4d</c>.</param>
public sealed record LockHolder(string Host, int ProcessId, DateTimeOffset Since, string Purpose)
{
    /// <summary>Stands for a holder whose record is damaged, or not written yet.</summary>
    public static LockHolder Unknown { get; } = new("unknown", 0, DateTimeOffset.MinValue, "unknown");

    /// <summary>The kernel's boot in which the process runs; null where the system does not tell (it does on Linux).</summary>
    public string? KernelBoot { get; init; }

    /// <summary>The set of processes in which <see cref="ProcessId"/> means something; null as above.</summary>
    public string? PidNamespace { get; init; }

    /// <summary>When the process began, in the kernel's ticks: tells it from a later one of the same number. Null as above.</summary>
    public long? ProcessStart { get; init; }

    internal static LockHolder Current(string purpose, TimeProvider timeProvider) =>
        new(Environment.MachineName, Environment.ProcessId, timeProvider.GetUtcNow(), purpose)
        {
            KernelBoot = LinuxProcess.KernelBoot,
            PidNamespace = LinuxProcess.PidNamespace,
            ProcessStart = LinuxProcess.StartOf(Environment.ProcessId),
        };

    /// <summary>
    /// Whether this machine can prove that the holder lives no more: it ran in this very boot of the kernel and among the processes that are seen from here,
    /// and is none of them. False where there is the least doubt.
    /// </summary>
    public bool IsSurelyDead() =>
        KernelBoot is not null && KernelBoot == LinuxProcess.KernelBoot
        && PidNamespace is not null && PidNamespace == LinuxProcess.PidNamespace
        && Host == Environment.MachineName
        && ProcessStart is { } start && !LinuxProcess.MayRun(ProcessId, start);

    /// <summary>Whether this machine can prove that the holder runs, be it suspended. False if there is any doubt.</summary>
    internal bool IsSurelyAlive() => LinuxProcess.StateOf(this) is not null;

    /// <summary>Whether somebody has suspended the holder, as with Ctrl+Z or SIGSTOP: then it keeps its lock and does nothing. False if there is any doubt.</summary>
    public bool IsSuspended() => LinuxProcess.StateOf(this) is 'T' or 't';

    /// <summary>What to do about a holder that is suspended, in one or more whole sentences with the commands to type; null if it is not known to be.</summary>
    public string? Advice() => IsSuspended()
        ? string.Create(CultureInfo.InvariantCulture, $"That process is suspended. Continue it (kill -CONT {ProcessId}), end it (kill -KILL {ProcessId}), or take the lock from it with kapso-archive run --break-lock.")
        : null;

    /// <summary>The same, with texts that can be printed: anybody who may write the lock's file may have written them.</summary>
    internal LockHolder Printable() => this with { Host = VisibleText.PrintedLine(Host), Purpose = VisibleText.PrintedLine(Purpose) };

    /// <summary>For the middle of a sentence: "in use …".</summary>
    internal string Describe() => this == Unknown
        ? "by a process that cannot be told: what it wrote about itself is damaged, or not written yet"
        : $"by {Host}, process {ProcessId}, since {Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC ({Purpose})";
}
