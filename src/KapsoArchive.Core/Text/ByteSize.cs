namespace KapsoArchive.Core.Text;

/// <summary>A number of bytes as people read it.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB"];

    /// <returns><c>1.2 MB</c>; a kilobyte has 1,000 bytes.</returns>
    public static string Of(long bytes)
    {
        double size = bytes;
        int unit = 0;
        for (; size >= 1000 && unit < Units.Length - 1; unit++)
            size /= 1000;
        return string.Create(CultureInfo.InvariantCulture,
            $"{(unit == 0 || size >= 100 ? Math.Round(size) : Math.Round(size, 1))} {Units[unit]}");
    }
}
