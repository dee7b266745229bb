using System.Globalization;

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
    internal bool IsSurelyDead() =>
        KernelBoot is not null && KernelBoot == LinuxProcess.KernelBoot
        && PidNamespace is not null && PidNamespace == LinuxProcess.PidNamespace
        && Host == Environment.MachineName
        && ProcessStart is { } start && !LinuxProcess.MayRun(ProcessId, start);

    /// <summary>For the middle of a sentence: "in use …".</summary>
    internal string Describe() => this == Unknown
        ? "by a process that cannot be told: what it wrote about itself is damaged, or not written yet"
        : $"by {Host}, process {ProcessId}, since {Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC ({Purpose})";
}
