namespace KapsoArchive.Core.Media;

/// <summary>A file that has arrived, in pooled memory or in a temporary file of its own. Both are released on disposal.</summary>
internal sealed class MediaContent : IAsyncDisposable
{
    private readonly FileStream? _file;
    private byte[]? _buffer;

    /// <param name="buffer">A pooled buffer, which the content takes over.</param>
    public MediaContent(byte[] buffer, int length, byte[] sha256, MediaType type, string? declaredType)
        : this(length, sha256, type, declaredType) => _buffer = buffer;

    /// <param name="file">From <see cref="CreateFile"/>. The content takes it over.</param>
    public MediaContent(FileStream file, long length, byte[] sha256, MediaType type, string? declaredType)
        : this(length, sha256, type, declaredType) => _file = file;

    private MediaContent(long length, byte[] sha256, MediaType type, string? declaredType) =>
        (Length, Sha256, Type, DeclaredType) = (length, Convert.ToHexStringLower(sha256), type, declaredType);

    /// <summary>In bytes; at least 1.</summary>
    public long Length { get; }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>By the file's own signature.</summary>
    public MediaType Type { get; }

    /// <summary>The media type of the answer, in lower case and without parameters; null if unreadable or longer than 127
    /// characters.</summary>
    public string? DeclaredType { get; }

    /// <summary>A file that only this user can open, and that is gone when it is closed or the process ends.</summary>
    public static FileStream CreateFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0, // It is read and written in large pieces.
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"kapso-archive-{Path.GetRandomFileName()}"), options);
        if (!OperatingSystem.IsWindows())
            File.Delete(file.Name); // It stays open without a name, so nothing is left even if the process is killed.
        return file;
    }

    /// <summary>Writes the whole file, as many times as called, but not twice at once.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        if (_file is not null)
        {
            _file.Position = 0;
            await _file.CopyToAsync(target, MediaDownload.BufferSize, cancellationToken);
        }
        else
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            await target.WriteAsync(_buffer.AsMemory(0, (int)Length), cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        return _file?.DisposeAsync() ?? default;
    }
}
