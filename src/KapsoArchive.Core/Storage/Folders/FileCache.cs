using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Copies of a container's files in a private folder of this machine, named by their hashes. Several processes may share it: a
/// copy appears as a whole, and each command hashes it before use. If the cache is full, the copies unused for longest are
/// deleted.</summary>
public sealed class FileCache
{
    /// <summary>The size, unless another is given: 20 GiB.</summary>
    public const long DefaultBytes = 20L << 30;

    private const UnixFileMode Foreign = (UnixFileMode)0b000_111_111;
    private const string Copied = ".parquet";
    private const string Coming = ".part";

    /// <summary>Copies used since then stay: another process may be about to open them.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _checked = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly long _bytes;

    private FileCache(string folder, long bytes) => (_folder, _bytes) = (folder, bytes);

    /// <summary>Below the user's folder for caches.</summary>
    public static string DefaultFolder
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set
                : Path.Combine(home, ".cache");
            return Path.Combine(caches, "kapso-archive");
        }
    }

    /// <summary>Opens a cache. Creates its folder, for the owner only.</summary>
    /// <param name="folder">Null for <see cref="DefaultFolder"/>.</param>
    /// <param name="bytes">The most that it keeps.</param>
    /// <exception cref="StoreException">The folder cannot be created, belongs to another user, or is open to others.</exception>
    public static FileCache Open(string? folder, long bytes = DefaultBytes)
    {
        string path = Path.GetFullPath(string.IsNullOrWhiteSpace(folder) ? DefaultFolder : folder);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                CheckPrivate(Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The cache {path} cannot be used: {e.Message.TrimEnd('.')}. Give another folder with --cache.", e);
        }

        return new FileCache(path, bytes);
    }

    /// <exception cref="StoreException">So many bytes are more than the cache keeps.</exception>
    internal void CheckRoom(long bytes)
    {
        if (bytes > _bytes)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture,
                $"The lake's Parquet files have {Mebibytes(bytes):N0} MiB, but the cache {_folder} keeps {Mebibytes(_bytes):N0} MiB. "
                + $"Give it more: --cache-size {Mebibytes(bytes):0}."));
    }

    /// <summary>The path of a copy with this hash. Copies the file if the cache has no sound copy. This object does so once for a
    /// file.</summary>
    /// <param name="sha256">In lower-case hexadecimal digits.</param>
    /// <param name="open">Opens the file.</param>
    /// <exception cref="InvalidDataException">The file has another hash.</exception>
    /// <exception cref="StoreException">The folder cannot be read or written.</exception>
    internal Task<string> PathOfAsync(string sha256, Func<Task<Stream>> open, CancellationToken cancellationToken) =>
        _checked.GetOrAdd(sha256, _ => new Lazy<Task<string>>(() => CheckAsync(sha256, open, cancellationToken))).Value;

    private static double Mebibytes(long bytes) => Math.Ceiling(bytes / 1048576.0);

    private async Task<string> CheckAsync(string sha256, Func<Task<Stream>> open, CancellationToken cancellationToken)
    {
        string path = Path.Combine(_folder, $"{sha256}{Copied}");
        try
        {
            if (sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower) && await HasAsync(path, sha256, cancellationToken))
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            else
                await CopyAsync(path, sha256, open, cancellationToken);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The cache {_folder} cannot be used: {e.Message.TrimEnd('.')}. Give another folder with --cache.", e);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void CheckPrivate(DirectoryInfo folder)
    {
        string? problem = !UnixFile.IsOwn(folder.FullName) ? "belongs to another user"
            : (File.GetUnixFileMode(folder.FullName) & Foreign) != UnixFileMode.None ? "is open to other users of this machine"
            : null;
        if (problem is not null)
            throw new StoreException(
                $"The cache {folder.FullName} {problem}. Give a folder of your own with --cache, or type: chmod 700 '{folder.FullName}'.");
    }

    private static async Task<bool> HasAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return false;
        await using FileStream copy = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(copy, cancellationToken)) == sha256;
    }

    private async Task CopyAsync(string path, string sha256, Func<Task<Stream>> open, CancellationToken cancellationToken)
    {
        string coming = Path.Combine(_folder, $"{Guid.NewGuid():N}{Coming}");
        try
        {
            await using (Stream content = await open())
            {
                Evict(content.Length);
                await using var copy = new FileStream(coming, FolderModes.NewFile(1 << 20));
                await content.CopyToAsync(copy, 1 << 20, cancellationToken);
            }

            if (!await HasAsync(coming, sha256, cancellationToken))
                throw new InvalidDataException("its SHA-256 is not the one in the manifest");
            File.Move(coming, path, overwrite: true);
        }
        finally
        {
            File.Delete(coming);
        }
    }

    /// <summary>Makes room: deletes the copies unused for longest, and what killed processes left.</summary>
    private void Evict(long bytes)
    {
        DateTime limit = DateTime.UtcNow - InUse;
        FileInfo[] files = // Another process may delete one at any time. What Exists finds out stays in the object.
            [.. new DirectoryInfo(_folder).EnumerateFiles().Where(f => f.Extension is Copied or Coming && f.Exists)];
        long total = bytes + files.Sum(f => f.Length);
        foreach (FileInfo old in files.Where(f => f.LastWriteTimeUtc < limit).OrderBy(f => f.LastWriteTimeUtc))
        {
            if (old.Extension != Coming && total <= _bytes)
                continue;
            total -= old.Length;
            old.Delete();
        }
    }
}
