namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Refuses a network folder whose locks are invisible to other machines. Linux only. On other systems, and for file systems that
/// pretend to lock, <see cref="FolderLock.CheckEnforced"/> tests an open that must fail. That test covers one machine only.</summary>
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

    /// <param name="mounts">Lines in the format of proc_pid_mounts(5): device, folder, type, options.</param>
    internal static string? Objection(string folder, IEnumerable<string> mounts)
    {
        string[]? mount = mounts.Select(line => line.Split(' '))
            .Where(fields => fields.Length > 3 && IsBelow(folder, Plain(fields[1])))
            .Reverse() // The last mount on a folder hides the earlier ones.
            .MaxBy(fields => Plain(fields[1]).Length);
        return mount is not null && Networks.Contains(mount[2]) && mount[3].Split(',').FirstOrDefault(Lockless.Contains) is { } option
            ? $"{folder} is on {mount[2]} mounted with {option}: other machines do not see its locks, so two writers could corrupt the "
                + $"archive. Mount {Plain(mount[1])} without {option}, or choose a local folder or a blob container."
            : null;
    }

    private static bool IsBelow(string folder, string mount) =>
        folder == mount || folder.StartsWith(mount.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>Decodes a space in a name, written as <c>\040</c>.</summary>
    private static string Plain(string mount) => mount.Replace(@"\040", " ", StringComparison.Ordinal);
}
