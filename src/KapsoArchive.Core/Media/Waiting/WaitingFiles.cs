using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Media.Waiting;

/// <summary>The files that the archive waits for, as a committed run left them: the document <c>media/waiting</c> of the state area, which
/// names the others of that folder. If it is lost, it is made again from the lake; only the count of attempts is lost then.</summary>
/// <param name="RunId">The committed run up to which the links of all messages are known; null for none.</param>
/// <param name="Scope">The types of messages whose links are known.</param>
/// <param name="Settled">The documents with settled links.</param>
internal sealed record WaitingFiles(
    string? RunId, string Scope, IReadOnlyList<WaitingChunk> Chunks, IReadOnlyList<string> Settled)
{
    private const string Magic = "KAWH";
    private const byte Version = 1;
    private const string Folder = "media/";

    public static readonly StorePath Path = new(StoreArea.State, $"{Folder}waiting");

    /// <summary>The files that are tried again.</summary>
    public long Waiting => Chunks.Sum(c => (long)c.Waiting);

    /// <summary>The other documents, which this one names.</summary>
    public IEnumerable<StorePath> Documents => Chunks.Select(c => c.Name).Concat(Settled).Select(PathOf);

    /// <summary>Reads what the last committed run left.</summary>
    /// <returns>Null if nothing is left, or if it is damaged or not of this archive: then it is made again.</returns>
    public static async Task<WaitingFiles?> ReadAsync(IStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Path, cancellationToken) is not { } document)
            return null;
        try
        {
            WaitingFiles files = FromBytes(document.Content);
            return files.RunId is null || await new CommittedRuns(store).HasManifestAsync(files.RunId, cancellationToken)
                ? files
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <exception cref="InvalidDataException">The document is missing or damaged.</exception>
    public static async Task<IReadOnlyList<WaitingFile>> ReadAsync(IStore store, WaitingChunk chunk, CancellationToken cancellationToken) =>
        WaitingChunk.FromBytes(await DocumentAsync(store, chunk.Name, cancellationToken));

    /// <summary>The keys of the files that the archive waits for. None if they cannot be read: a new link of one is not noticed
    /// then.</summary>
    public static async Task<IReadOnlySet<UInt128>> KeysAsync(IStore store, CancellationToken cancellationToken)
    {
        HashSet<UInt128> keys = [];
        try
        {
            foreach (WaitingChunk chunk in (await ReadAsync(store, cancellationToken))?.Chunks ?? [])
                keys.UnionWith((await ReadAsync(store, chunk, cancellationToken)).Select(f => f.Key));
        }
        catch (InvalidDataException)
        {
            // The run finds them again later.
        }

        return keys;
    }

    /// <inheritdoc cref="ReadAsync(IStore, WaitingChunk, CancellationToken)"/>
    public async Task<SettledLinks> SettledAsync(IStore store, CancellationToken cancellationToken)
    {
        List<ulong[]> segments = [];
        foreach (string name in Settled)
            segments.Add(SettledLinks.FromBytes(await DocumentAsync(store, name, cancellationToken)));
        return new SettledLinks(segments);
    }

    /// <summary>Writes a document for a later <see cref="SwapAsync"/>. Nobody reads it before.</summary>
    /// <param name="name">Unique to the writer.</param>
    public static Task CreateAsync(IStore store, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        StoreDocuments.CreateAsync(store, PathOf(name), content, cancellationToken);

    /// <summary>Takes the place of what the run before left, and deletes the documents that nobody reads any more.</summary>
    /// <param name="document">The bytes of what a committed run leaves.</param>
    /// <param name="check">Throws if another writer took over.</param>
    public static async Task SwapAsync(
        IStore store, ReadOnlyMemory<byte> document, Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        StoredDocument? before = await store.ReadAsync(Path, cancellationToken);
        if (before?.Content.Span.SequenceEqual(document.Span) == true)
            return;
        await check(cancellationToken);
        await StoreDocuments.ReplaceAsync(store, Path, document, before?.ETag, cancellationToken);
        WaitingFiles files = FromBytes(document);
        HashSet<string> named = [Path.Name, .. files.Documents.Select(p => p.Name)];
        List<StoredFile> all = await store.ListAsync(StoreArea.State, Folder, cancellationToken).ToListAsync(cancellationToken);
        foreach (StorePath path in all.Select(f => f.Path).Where(p => !named.Contains(p.Name)))
            await store.DeleteAsync(path, cancellationToken);
    }

    public ReadOnlyMemory<byte> ToBytes() => IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.WriteOptional(RunId);
        writer.Write(Scope);
        writer.Write(Chunks.Count);
        foreach (WaitingChunk chunk in Chunks)
            chunk.Write(writer);
        writer.Write(Settled.Count);
        foreach (string name in Settled)
            writer.Write(name);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static WaitingFiles FromBytes(ReadOnlyMemory<byte> bytes) => IndexFormat.Open(bytes, Magic, Version, reader =>
    {
        (string? runId, string scope) = (reader.ReadOptionalText(), reader.ReadString());
        var chunks = new WaitingChunk[reader.ReadInt32()];
        for (int i = 0; i < chunks.Length; i++)
            chunks[i] = WaitingChunk.Read(reader);
        string[] settled = new string[reader.ReadInt32()];
        for (int i = 0; i < settled.Length; i++)
            settled[i] = reader.ReadString();
        return new WaitingFiles(runId, scope, chunks, settled);
    });

    private static StorePath PathOf(string name) => new(StoreArea.State, Folder + name);

    private static async Task<ReadOnlyMemory<byte>> DocumentAsync(IStore store, string name, CancellationToken cancellationToken) =>
        (await store.ReadAsync(PathOf(name), cancellationToken))?.Content
            ?? throw new InvalidDataException($"{PathOf(name).Name} is missing, but {Path.Name} names it");
}
