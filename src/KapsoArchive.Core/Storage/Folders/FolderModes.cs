namespace KapsoArchive.Core.Storage.Folders;

/// <summary>The permissions of what a folder store creates, independent of the umask. State, staging and exports are for the owner only. So
/// is data, unless the setting or an existing archive allows readers. On Windows nothing is set: folders inherit permissions
/// there.</summary>
internal sealed class FolderModes(FolderLayout layout, UnixFileMode? setting)
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode Foreign = (UnixFileMode)0b000_111_111;
    private const UnixFileMode All = (UnixFileMode)0b111_111_111;
    private const UnixFileMode Write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private UnixFileMode? _dataFolder;

    /// <summary>Options for creating a new file for the owner only. Creation is exclusive, so it follows no link.</summary>
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

    /// <summary>Creates all missing folders above a file of an area.</summary>
    public void CreateParent(StoreArea area, string file) => CreateFolder(area, Path.GetDirectoryName(file)!);

    /// <summary>Same as <see cref="CreateParent"/>, for the folder itself.</summary>
    public void CreateFolder(StoreArea area, string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { } parent)
            CreateFolder(area, parent);
        UnixFileMode mode = area == StoreArea.Data || !folder.StartsWith(layout.Root, StringComparison.Ordinal) || folder == layout.Root
            ? DataFolder()
            : OwnFolder;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Set(Directory.CreateDirectory(folder, mode).FullName, mode);
    }

    /// <summary>Gives a file its area's permissions before it becomes visible.</summary>
    public void Apply(StoreArea area, string file) => Set(file, area == StoreArea.Data ? DataFolder() & ~Execute : OwnFile);

    /// <summary>Restricts areas that an earlier version left open to others. Does nothing if another user owns them.</summary>
    public void CloseAreas()
    {
        foreach (StoreArea area in (StoreArea[])[StoreArea.State, StoreArea.Exports])
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(layout.Area(area)) & Foreign) != UnixFileMode.None)
                Set(layout.Area(area), OwnFolder);
        }
    }

    /// <summary>A note for the operator about the permissions of the data; null if they match the settings.</summary>
    public string? Remark()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(layout.Manifests))
            return null;
        UnixFileMode found = File.GetUnixFileMode(layout.Manifests) & All;
        if (setting is null && (found & Foreign) != UnixFileMode.None)
            return $"{layout.Root} can be read by other users of this machine (folder mode {Octal(found)}), because an earlier version "
                + $"created it; this is kept. To close it, type: chmod -R go-rwx '{layout.Root}'. To keep it open without this warning, "
                + $"set Archive:FileMode to {Octal(found & ~Execute & ~Write)}.";
        if (setting is not null && found != DataFolder())
            return $"Archive:FileMode applies to new files only: the folders of {layout.Root} have mode {Octal(found)}. "
                + $"To change existing files, type: chmod -R {Symbolic(setting.Value)} '{layout.Root}' && chmod -R go-rwx "
                + $"'{layout.Area(StoreArea.State)}' '{layout.Area(StoreArea.Exports)}'.";
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

    /// <summary>Uses the folder of manifests: every archive has it first, and users do not create it.</summary>
    private UnixFileMode? FromArchive() =>
        OperatingSystem.IsWindows() || !Directory.Exists(layout.Manifests)
            ? null
            : (File.GetUnixFileMode(layout.Manifests) & All) | OwnFolder;

    private static void Set(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        UnixFileMode found = File.GetUnixFileMode(path);
        if ((found & All) == mode)
            return;
        try
        {
            File.SetUnixFileMode(path, mode | (found & UnixFileMode.SetGroup)); // Keeps the set-group-ID bit.
        }
        catch (UnauthorizedAccessException)
        {
            // Owned by another user, or a file system without modes: mount options apply there.
        }
    }

    private static string Symbolic(UnixFileMode mode) =>
        $"u=rwX,g={(mode.HasFlag(UnixFileMode.GroupRead) ? "rX" : "")},o={(mode.HasFlag(UnixFileMode.OtherRead) ? "rX" : "")}";

    private static string Octal(UnixFileMode mode) => $"0{Convert.ToString((int)mode, 8).PadLeft(3, '0')}";
}
