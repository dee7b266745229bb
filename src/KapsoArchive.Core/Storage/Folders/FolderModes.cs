namespace KapsoArchive.Core.Storage.Folders;

/// <summary>
/// The rights on what a folder store creates, whatever the umask is. State, staging and exports are their owner's alone; data is too, unless the setting or an existing archive opens it to readers.
/// On Windows nothing is set: there folders hand down their own rights.
/// </summary>
internal sealed class FolderModes(FolderLayout layout, UnixFileMode? setting)
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode Foreign = (UnixFileMode)0b000_111_111;
    private const UnixFileMode All = (UnixFileMode)0b111_111_111;
    private const UnixFileMode Write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private UnixFileMode? _dataFolder;

    /// <summary>Options to create a file that does not exist yet, for its owner alone. No link is followed: creating is exclusive.</summary>
    public static FileStreamOptions NewFile(int bufferSize)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = bufferSize,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnFile;
        return options;
    }

    /// <summary>Creates the folder above a file of an area and all folders above it that are missing.</summary>
    public void CreateParent(StoreArea area, string file) => CreateFolder(area, Path.GetDirectoryName(file)!);

    /// <summary>As <see cref="CreateParent"/>, the folder itself.</summary>
    public void CreateFolder(StoreArea area, string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { } parent)
            CreateFolder(area, parent);
        UnixFileMode mode = area == StoreArea.Data || !folder.StartsWith(layout.Root, StringComparison.Ordinal) || folder == layout.Root ? DataFolder() : OwnFolder;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Set(Directory.CreateDirectory(folder, mode).FullName, mode);
    }

    /// <summary>Gives a file that is about to become visible the rights of its area.</summary>
    public void Apply(StoreArea area, string file) => Set(file, area == StoreArea.Data ? DataFolder() & ~Execute : OwnFile);

    /// <summary>Closes the areas that an earlier version left open to others. Nothing happens if another user owns them.</summary>
    public void CloseAreas()
    {
        foreach (StoreArea area in (StoreArea[])[StoreArea.State, StoreArea.Exports])
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(layout.Area(area)) & Foreign) != UnixFileMode.None)
                Set(layout.Area(area), OwnFolder);
        }
    }

    /// <summary>What an operator should know of the rights on the data; null if they are as the settings say.</summary>
    public string? Remark()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(layout.Manifests))
            return null;
        UnixFileMode found = File.GetUnixFileMode(layout.Manifests) & All;
        if (setting is null && (found & Foreign) != UnixFileMode.None)
            return $"{layout.Root} can be read by other users of this machine (folder mode {Octal(found)}), as an earlier version made it; this is kept. "
                + $"To close it, type: chmod -R go-rwx '{layout.Root}'. To keep it open without this warning, set Archive:FileMode to {Octal(found & ~Execute & ~Write)}.";
        if (setting is not null && found != DataFolder())
            return $"Archive:FileMode applies to new files only: the folders of {layout.Root} have mode {Octal(found)}. "
                + $"To change what is there, type: chmod -R {Symbolic(setting.Value)} '{layout.Root}' && chmod -R go-rwx '{layout.Area(StoreArea.State)}' '{layout.Area(StoreArea.Exports)}'.";
        return null;
    }

    private UnixFileMode DataFolder() => _dataFolder ??= FromSetting() ?? FromArchive() ?? OwnFolder;

    private UnixFileMode? FromSetting()
    {
        if (setting is not { } mode)
            return null;
        UnixFileMode folder = mode | UnixFileMode.UserExecute;
        if (mode.HasFlag(UnixFileMode.GroupRead))
            folder |= UnixFileMode.GroupExecute;
        return mode.HasFlag(UnixFileMode.OtherRead) ? folder | UnixFileMode.OtherExecute : folder;
    }

    /// <summary>The folder of manifests is the first that every archive has, and no user makes it.</summary>
    private UnixFileMode? FromArchive() =>
        OperatingSystem.IsWindows() || !Directory.Exists(layout.Manifests) ? null : (File.GetUnixFileMode(layout.Manifests) & All) | OwnFolder;

    private static void Set(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        UnixFileMode found = File.GetUnixFileMode(path);
        if ((found & All) == mode)
            return;
        try
        {
            File.SetUnixFileMode(path, mode | (found & UnixFileMode.SetGroup)); // A folder that hands down its group goes on doing so.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's, or a file system without modes: mount options decide there.
        }
    }

    private static string Symbolic(UnixFileMode mode) =>
        $"u=rwX,g={(mode.HasFlag(UnixFileMode.GroupRead) ? "rX" : "")},o={(mode.HasFlag(UnixFileMode.OtherRead) ? "rX" : "")}";

    private static string Octal(UnixFileMode mode) => $"0{Convert.ToString((int)mode, 8).PadLeft(3, '0')}";
}
