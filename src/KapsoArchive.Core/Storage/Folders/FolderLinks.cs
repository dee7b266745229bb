using Microsoft.Win32.SafeHandles;

namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Refuses symbolic links that lead out of a store's folder. The folder itself may be a link.</summary>
internal sealed class FolderLinks(string root)
{
    private const string LeadsOut = "is a symbolic link that leads out of the folder, or nowhere";

    /// <summary>Checks every folder and file from the root to the path.</summary>
    /// <exception cref="RefusedFileException">One of them is a link that leads out.</exception>
    public void Check(string path)
    {
        for (int end = root.Length; end >= 0 && end < path.Length;)
        {
            end = path.IndexOf(Path.DirectorySeparatorChar, end + 1);
            string place = end < 0 ? path : path[..end];
            if (IsLink(place) && !IsInside(place))
                throw new RefusedFileException(place, LeadsOut);
        }
    }

    /// <summary>Checks an open file, because a link may have been created in the meantime. Only Linux reports the path of an open
    /// file.</summary>
    /// <param name="reach">The folder below the root that links must not leave; empty for the root itself.</param>
    /// <exception cref="RefusedFileException">The file is outside.</exception>
    public void Check(SafeFileHandle handle, string path, string reach)
    {
        string? opened = OperatingSystem.IsLinux()
            ? new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget
            : RealPath(path);
        if (opened is not null && !IsBelowRoot(opened, reach))
            throw new RefusedFileException(path, LeadsOut);
    }

    /// <summary>Whether the path itself is a link.</summary>
    public static bool IsLink(string path) =>
        UnixFile.IsSupported ? UnixFile.KindOf(path) == FileKind.Link : new FileInfo(path).LinkTarget is not null;

    private bool IsInside(string link) => RealPath(link) is { } real && IsBelowRoot(real, reach: "");

    private bool IsBelowRoot(string real, string reach)
    {
        if (RealPath(root) is not { } realRoot)
            return false;
        string folder = Path.Combine(realRoot, reach);
        string start = Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
        return real.StartsWith(start, StringComparison.Ordinal);
    }

    private static string? RealPath(string path)
    {
        if (UnixFile.IsSupported)
            return UnixFile.RealPath(path);
        FileSystemInfo? target = Directory.ResolveLinkTarget(path, returnFinalTarget: true);
        return target is null ? path : target.Exists ? target.FullName : null;
    }
}
