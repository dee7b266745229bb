namespace KapsoArchive.Core.Storage.Folders;

/// <summary>The kind of object at a path of a file system.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,
    Pipe,
    Socket,
    Device,
}

/// <summary>Describes what a path holds instead of a regular file.</summary>
internal static class FileKinds
{
    /// <summary>The predicate of a sentence; null for a regular file.</summary>
    public static string? Oddity(FileKind kind) => kind switch
    {
        FileKind.Folder => "is a folder, not a file",
        FileKind.Link => "is a symbolic link",
        FileKind.Pipe => "is a named pipe",
        FileKind.Socket => "is a socket",
        FileKind.Device => "is a device",
        _ => null,
    };
}
