using System.Globalization;

namespace KapsoArchive.Core.Storage;

/// <summary>Where a file truly lies, behind all links.</summary>
internal static class FinalPath
{
    /// <summary>Of a file that is open: on Linux by its handle, so that what is put in place of its name since makes no difference.</summary>
    public static string Of(FileStream file)
    {
        string handle = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}");
        return (OperatingSystem.IsLinux() ? new FileInfo(handle).LinkTarget : null) ?? Of(file.Name);
    }

    /// <summary>Of a full path, whose end need not exist.</summary>
    public static string Of(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        string here = Path.Combine(Of(parent), Path.GetFileName(path));
        return new FileInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Of(target.FullName) : here;
    }
}
