namespace KapsoArchive.Core.Storage.Folders;

/// <summary>Stages a file under a unique name below the state folder.</summary>
internal sealed class FolderStagingStream : StagingStream
{
    private const int BufferSize = 64 * 1024;

    private readonly string _file;
    private readonly FileStream _stream;

    public FolderStagingStream(StorePath path, string stage, FolderLayout layout, FolderModes modes)
        : base(path, stage)
    {
        _file = layout.StagingFile(stage, Attempt);
        modes.CreateFolder(StoreArea.State, layout.Stage(stage));
        _stream = new FileStream(_file, FolderModes.NewFile(BufferSize));
        modes.Apply(StoreArea.State, _file);
    }

    private protected override void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception exception) when (FolderFault.Explains(exception))
        {
            throw FolderFault.Explain(exception, _file, Unwritten(bytes.Length));
        }
    }

    private protected override async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await FolderFault.ExplainAsync(_file, () => _stream.WriteAsync(bytes, cancellationToken).AsTask(), () => Unwritten(bytes.Length));

    private protected override Task<int> FinishAsync(CancellationToken cancellationToken) => FolderFault.ExplainAsync(_file, async () =>
    {
        // Flush to the disk, not only to the system: a file in a manifest must survive a power failure.
        await Task.Run(() => _stream.Flush(flushToDisk: true), cancellationToken);
        await _stream.DisposeAsync();
        return 0;
    }, () => Unwritten(0));

    private protected override void Release(bool completed)
    {
        if (completed)
            return;
        try
        {
            _stream.Dispose();
        }
        catch (Exception exception) when (FolderFault.Explains(exception))
        {
            // Closing flushes the buffer, which fails on a full disk. The bytes are not needed.
        }
        if (File.Exists(_file))
            File.Delete(_file);
    }

    /// <summary>The bytes that are not on disk yet.</summary>
    private long Unwritten(int more) => Length + more - (new FileInfo(_file) is { Exists: true } file ? file.Length : 0);
}
