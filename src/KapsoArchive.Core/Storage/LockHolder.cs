namespace KapsoArchive.Core.Storage;

/// <summary>The holder of a store's lock.</summary>
/// <param name="Host">The machine's name, for people. Two containers may have the same name.</param>
/// <param name="ProcessId">The process id within its machine or container.</param>
/// <param name="Since">When it took the lock, UTC.</param>
/// <param name="Purpose">The reason, such as <c>run 20261122T020000Z-1a2b3c4d</c>.</param>
public sealed record LockHolder(string Host, int ProcessId, DateTimeOffset Since, string Purpose)
{
    /// <summary>A holder whose document is damaged or not written yet.</summary>
    public static LockHolder Unknown { get; } = new("unknown", 0, DateTimeOffset.MinValue, "unknown");

    /// <summary>The kernel's boot id; null if unknown. Only Linux reports it.</summary>
    public string? KernelBoot { get; init; }

    /// <summary>The namespace that <see cref="ProcessId"/> belongs to; null if unknown.</summary>
    public string? PidNamespace { get; init; }

    /// <summary>The process's start, in kernel ticks. It distinguishes later processes with the same id. Null if unknown.</summary>
    public long? ProcessStart { get; init; }

    internal static LockHolder Current(string purpose, TimeProvider timeProvider) =>
        new(Environment.MachineName, Environment.ProcessId, timeProvider.GetUtcNow(), purpose)
        {
            KernelBoot = LinuxProcess.KernelBoot,
            PidNamespace = LinuxProcess.PidNamespace,
            ProcessStart = LinuxProcess.StartOf(Environment.ProcessId),
        };

    /// <summary>Whether it is this process. False if in doubt.</summary>
    internal bool IsThisProcess() =>
        ProcessId == Environment.ProcessId && Host == Environment.MachineName
        && ProcessStart == LinuxProcess.StartOf(Environment.ProcessId);

    /// <summary>Whether this machine can prove that the holder is dead: it ran in this kernel's current boot and in this process namespace,
    /// and does not exist any more. False if in doubt.</summary>
    public bool IsSurelyDead() =>
        KernelBoot is not null && KernelBoot == LinuxProcess.KernelBoot
        && PidNamespace is not null && PidNamespace == LinuxProcess.PidNamespace
        && Host == Environment.MachineName
        && ProcessStart is { } start && !LinuxProcess.MayRun(ProcessId, start);

    /// <summary>Whether this machine can prove that the holder is running or suspended. False if in doubt.</summary>
    internal bool IsSurelyAlive() => LinuxProcess.StateOf(this) is not null;

    /// <summary>Whether the holder is suspended, as by Ctrl+Z or SIGSTOP. It then keeps its lock without working. False if in
    /// doubt.</summary>
    public bool IsSuspended() => LinuxProcess.StateOf(this) is 'T' or 't';

    /// <summary>What to do about a suspended holder, in whole sentences with the commands to type; null if it is not known to be
    /// suspended.</summary>
    public string? Advice() => IsSuspended()
        ? string.Create(CultureInfo.InvariantCulture,
            $"That process is suspended. Continue it (kill -CONT {ProcessId}), end it (kill -KILL {ProcessId}), or take the lock from it "
            + $"with kapso-archive run --break-lock.")
        : null;

    /// <summary>The same with printable texts, because anyone with write access to the lock's file may have written them.</summary>
    internal LockHolder Printable() => this with { Host = VisibleText.PrintedLine(Host), Purpose = VisibleText.PrintedLine(Purpose) };

    /// <summary>A phrase for the middle of a sentence: "in use …".</summary>
    internal string Describe() => this == Unknown
        ? "by an unknown process: what it wrote about itself is damaged, or not written yet"
        : $"by {Host}, process {ProcessId}, since {Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC "
            + $"({Purpose})";
}
