namespace KapsoArchive.Core.Runs.Writing;

/// <summary>Stages the files of one run and lists the complete ones. Nothing of it is visible before <see cref="Publication"/>.</summary>
/// <param name="head">The run: its layout defines the paths of the files.</param>
internal sealed class RunFiles(IStore store, JournalHead head)
{
    private readonly List<RunFile> _files = [];
    private readonly PartSpans _spans = new();

    public RunLayout Layout { get; } = head.Layout;

    /// <summary>The zip that gets a copy of each file; null for none.</summary>
    public ExportZip? Zip { get; set; }

    /// <param name="path">As in the layout and the manifest.</param>
    public async Task<StagingStream> StageAsync(string path, CancellationToken cancellationToken)
    {
        Stream? copy = Zip is null ? null : await Zip.BeginAsync(path, cancellationToken);
        StagingStream stream = await store.StageAsync(new StorePath(head.Area, Layout.Folder + path), head.RunId, cancellationToken);
        stream.Copy = copy;
        _spans.Opened(stream);
        return stream;
    }

    /// <summary>The files that were completely staged since the last call, in the order in which they were finished.</summary>
    public IReadOnlyList<RunFile> Take()
    {
        RunFile[] files = [.. _files];
        _files.Clear();
        return files;
    }

    public async Task CompleteAsync(
        StagingStream stream, string dataset, string format, long rows, long? minCreatedAt, long? maxCreatedAt,
        CancellationToken cancellationToken)
    {
        StagedFile staged = await stream.CompleteAsync(cancellationToken);
        ManifestFile entry = new(
            staged.Path.Name[Layout.Folder.Length..],
            dataset,
            format,
            rows,
            staged.Length,
            staged.Sha256,
            minCreatedAt is null ? null : Timestamp.FromMicros(minCreatedAt.Value),
            maxCreatedAt is null ? null : Timestamp.FromMicros(maxCreatedAt.Value));
        _files.Add(new RunFile(staged, entry));
        if (stream.Copy is not null)
            await Zip!.EndAsync(entry.Sha256);
        _spans.Closed(stream, entry);
    }
}
