using Microsoft.Win32.SafeHandles;

namespace KapsoArchive.Core.Storage;

/// <summary>Refuses symbolic links below a store's folder that lead out of it. The folder itself may be one.</summary>
internal sealed class FolderLinks(string root)
{
    private const string LeadsOut = "is a symbolic link that leads out of the folder, or nowhere";

    /// <summary>Looks at every folder and file on the way from the root to the path.</summary>
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

    /// <summary>The same of what is open, for a link may have come since it was looked at. Only Linux tells where an open file lies.</summary>
    /// <exception cref="RefusedFileException">It lies outside.</exception>
    public void Check(SafeFileHandle handle, string path)
    {
        if (OperatingSystem.IsLinux() && new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget is { } opened && !IsBelowRoot(opened))
            throw new RefusedFileException(path, LeadsOut);
    }

    private static bool IsLink(string path) => UnixFile.IsSupported ? UnixFile.KindOf(path) == FileKind.Link : new FileInfo(path).LinkTarget is not null;

    private bool IsInside(string link) => RealPath(link) is { } real && IsBelowRoot(real);

    private bool IsBelowRoot(string real)
    {
        if (RealPath(root) is not { } realRoot)
            return false;
        string start = Path.EndsInDirectorySeparator(realRoot) ? realRoot : realRoot + Path.DirectorySeparatorChar;
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
