using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Core.Archive;

/// <summary>Reads the files of a committed run. Every reader gets the same error for the same damage.</summary>
internal sealed class CommittedRun(IStore store, string runId, Manifest manifest, RunKind kind = RunKind.Archive)
{
    public string RunId => runId;

    public Manifest Manifest => manifest;

    /// <summary>Whether each file is read once more before its content, to compare its bytes with the manifest. Otherwise only its length
    /// is compared.</summary>
    public bool ComparesBytes { get; init; }

    /// <summary>Where copies of the files are kept, if the store is remote and they are read whole; null to read the store.</summary>
    public FileCache? Cache { get; init; }

    private string Location => store.LocationOf(CommittedRuns.AreaOf(kind));

    public RunLayout Layout => new(new RunStamp(runId, manifest.StartedAt), kind);

    /// <summary>Where a file of the run is; null if its path in the manifest is not that of a file.</summary>
    public StorePath? PathOf(ManifestFile file) => StorePath.TryCreate(CommittedRuns.AreaOf(kind), Layout.Folder + file.Path);

    /// <summary>All message parts of one format. Both formats contain the same rows; Parquet needs fewer bytes.</summary>
    public IEnumerable<ManifestFile> MessageParts
    {
        get
        {
            string parquet = Datasets.Messages.Name;
            string dataset = manifest.Files.Any(f => f.Dataset == parquet) ? parquet : Datasets.MessagesJsonl;
            return manifest.Files.Where(f => f.Dataset == dataset);
        }
    }

    /// <summary>Reads <see cref="MessageParts"/>, batch by batch.</summary>
    /// <exception cref="DamagedFileException">A part is missing or damaged.</exception>
    public async Task ReadMessagesAsync(Func<ManifestFile, MessageBatch, Task> read, CancellationToken cancellationToken)
    {
        foreach (ManifestFile part in MessageParts)
            await ReadPartAsync(part, batch => read(part, batch), cancellationToken);
    }

    /// <summary>Reads one message part, batch by batch.</summary>
    /// <inheritdoc cref="ReadMessagesAsync"/>
    public Task ReadPartAsync(ManifestFile part, Func<MessageBatch, Task> read, CancellationToken cancellationToken) =>
        ReadAsync(
            part,
            async content =>
            {
                PartFormat format = part.Dataset == Datasets.MessagesJsonl ? PartFormat.Jsonl : PartFormat.Parquet;
                await foreach (MessageBatch batch in PartReader.BatchesAsync(format, content, cancellationToken))
                    await read(batch);
            },
            cancellationToken);

    /// <summary>Reads the rows of the run's media dataset.</summary>
    /// <param name="conversationId">Reads those of one conversation only; null for all.</param>
    /// <exception cref="DamagedFileException">The dataset's file is missing or damaged.</exception>
    public async Task ReadMediaAsync(string? conversationId, Action<MediaRow> read, CancellationToken cancellationToken)
    {
        foreach (ManifestFile part in manifest.Files.Where(f => f.Dataset == Datasets.Media.Name))
        {
            await ReadAsync(
                part,
                async content =>
                {
                    await foreach (IReadOnlyList<MediaRow> rows in MediaReader.ReadAsync(content, conversationId, cancellationToken))
                    {
                        foreach (MediaRow row in rows.Where(r => conversationId is null || r.ConversationId == conversationId))
                            read(row);
                    }
                },
                cancellationToken);
        }
    }

    /// <summary>The same rows of one conversation, as a list.</summary>
    /// <inheritdoc cref="ReadMediaAsync(string, Action{MediaRow}, CancellationToken)"/>
    public async Task<List<MediaRow>> ReadMediaAsync(string conversationId, CancellationToken cancellationToken)
    {
        List<MediaRow> rows = [];
        await ReadMediaAsync(conversationId, rows.Add, cancellationToken);
        return rows;
    }

    /// <summary>Opens a file, compares it with the manifest, and reads it.</summary>
    /// <exception cref="DamagedFileException">The file is missing, differs from the manifest, or cannot be read.</exception>
    public async Task ReadAsync(ManifestFile file, Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        await using Stream content = Cache is null ? await OpenAsync(file, cancellationToken)
            : File.OpenRead(await LocalPathAsync(file, cancellationToken));
        try
        {
            IReadOnlyList<string> problems =
                ComparesBytes ? await PartCheck.FindAsync(content, file, manifest.SchemaVersion, cancellationToken)
                : content.Length != file.Bytes ? ["is not as long as the manifest says"]
                : [];
            if (problems.Count > 0)
                throw Damage(file.Path, [.. problems]);
            content.Position = 0;
            await read(content);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new DamagedFileException(file.Path, Location, [$"cannot be read: {e.Message}"], e);
        }
    }

    /// <summary>The full path of a file on this machine, for a reader that opens files itself. The file is as long as the manifest says; a
    /// copy in the cache also has the hash.</summary>
    /// <exception cref="DamagedFileException">See <see cref="ReadAsync"/>.</exception>
    public async Task<string> LocalPathAsync(ManifestFile file, CancellationToken cancellationToken)
    {
        if (Cache is null)
        {
            await ReadAsync(file, static _ => Task.CompletedTask, cancellationToken);
            return Path.Combine(Location, PathOf(file)!.Name);
        }

        try
        {
            return await Cache.PathOfAsync(file.Sha256, () => OpenAsync(file, cancellationToken), cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw Damage(file.Path, [$"is damaged: {e.Message}"]);
        }
    }

    private async Task<Stream> OpenAsync(ManifestFile file, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(
            PathOf(file) ?? throw Damage(CommittedRuns.PathOf(runId, kind).Name, $"names {file.Path}, which is not a valid path"),
            cancellationToken)
        ?? throw new DamagedFileException(file.Path, Location, ["is missing"]) { IsMissing = true };

    private DamagedFileException Damage(string path, params IReadOnlyList<string> problems) =>
        new(path, Location, problems);
}
