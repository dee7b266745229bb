namespace KapsoArchive.Core.Storage.Folders;

/// <summary>
/// Refuses a folder on a network whose locks are not shown to other machines. Linux only: elsewhere, and for file systems that pretend, an open that should fail is tried
/// (<see cref="FolderLock.CheckEnforced"/>), which proves it for one machine.
/// </summary>
internal static class FolderNetwork
{
    private static readonly HashSet<string> Networks = ["nfs", "nfs4", "cifs", "smb3", "smbfs"];
    private static readonly HashSet<string> Lockless = ["nolock", "local_lock=all", "local_lock=flock", "nobrl"];

    /// <exception cref="StoreException">The folder is mounted without locks.</exception>
    public static void Check(string folder)
    {
        const string Mounts = "/proc/self/mounts";
        if (OperatingSystem.IsLinux() && File.Exists(Mounts) && Objection(folder, File.ReadLines(Mounts)) is { } objection)
            throw new StoreException(objection);
    }

    /// <param name="mounts">Lines as of proc_pid_mounts(5): device, folder, type, options.</param>
    internal static string? Objection(string folder, IEnumerable<string> mounts)
    {
        string[]? mount = mounts.Select(line => line.Split(' '))
            .Where(fields => fields.Length > 3 && IsBelow(folder, Plain(fields[1])))
            .Reverse() // The last one mounted on a folder hides those before.
            .MaxBy(fields => Plain(fields[1]).Length);
        return mount is not null && Networks.Contains(mount[2]) && mount[3].Split(',').FirstOrDefault(Lockless.Contains) is { } option
            ? $"{folder} lies on {mount[2]} that is mounted with {option}: other machines do not see its locks, so two writers could spoil the archive. Mount {Plain(mount[1])} without {option}, or choose a local folder or a blob container."
            : null;
    }

    private static bool IsBelow(string folder, string mount) =>
        folder == mount || folder.StartsWith(mount.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>A space in a name is written as <c>\040</c>.</summary>
    private static string Plain(string mount) => mount.Replace(@"\040", " ", StringComparison.Ordinal);
}
