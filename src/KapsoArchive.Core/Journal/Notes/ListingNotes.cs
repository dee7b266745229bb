using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal.Notes;

/// <summary>What the readings of all conversations left for the next run: the document <c>listing-notes</c> of the state area. It proves
/// nothing and is not checked against anything. If it is lost, waiting removals wait again, and unreadable records are searched for
/// again.</summary>
internal sealed class ListingNotes
{
    private const string Magic = "KALN";
    private const byte FirstVersion = 1;

    /// <summary>Version of the document. The first does not record which run wrote it.</summary>
    private const byte Version = 2;

    private const int MaxWrites = 5;

    public static readonly StorePath Path = new(StoreArea.State, "listing-notes");

    private readonly SortedDictionary<string, ListingNote> _notes = new(StringComparer.Ordinal);

    /// <summary>Maximum number of records that could be requested at once when larger pages failed; null if none failed.</summary>
    public int? WorkingSize { get; private set; }

    /// <summary>The committed run that wrote it last; null for none, and in a document of the first version.</summary>
    public string? RunId { get; private set; }

    /// <summary>Why the document is damaged and counts as empty: the predicate of a sentence. Null if it is intact.</summary>
    public string? Damage { get; private init; }

    /// <summary>What the last reading of a conversation left.</summary>
    public ListingNote Of(string conversationId) => _notes.GetValueOrDefault(conversationId, ListingNote.None);

    /// <summary>Reads the document. If it is damaged, missing or of another archive, it counts as empty.</summary>
    public static async Task<ListingNotes> ReadAsync(IStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(Path, cancellationToken) is { } document
            ? await FromAsync(store, document, cancellationToken)
            : new ListingNotes();

    /// <summary>Adds the findings of a committed run; adding the same run again is harmless.</summary>
    /// <param name="notes">The notes of each conversation that the run read.</param>
    /// <param name="workingSize">See <see cref="WorkingSize"/>.</param>
    /// <param name="check">Throws if another writer took over: then the notes that were read may be those of a later run.</param>
    public static async Task UpdateAsync(
        IStore store, string runId, IEnumerable<(string ConversationId, ListingNote Note)> notes, int? workingSize,
        Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        for (int write = 1; ; write++)
        {
            StoredDocument? before = await store.ReadAsync(Path, cancellationToken);
            ListingNotes all = before is null ? new ListingNotes() : await FromAsync(store, before, cancellationToken);
            if (!all.Take(notes, workingSize) && all.Damage is null)
                return;
            await check(cancellationToken);
            all.RunId = runId;
            try
            {
                await store.ReplaceAsync(Path, all.ToBytes(), before?.ETag, cancellationToken);
                return;
            }
            catch (StoreConflictException) when (write < MaxWrites)
            {
                // Another writer replaced it meanwhile: read again.
            }
        }
    }

    /// <returns>Whether anything changed.</returns>
    private bool Take(IEnumerable<(string ConversationId, ListingNote Note)> notes, int? workingSize)
    {
        bool isChanged = WorkingSize != workingSize;
        WorkingSize = workingSize;
        foreach ((string id, ListingNote note) in notes)
        {
            if (note.IsEmpty)
            {
                isChanged |= _notes.Remove(id);
                continue;
            }

            _notes[id] = note;
            isChanged = true;
        }

        return isChanged;
    }

    private ReadOnlyMemory<byte> ToBytes() => IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.Write(RunId ?? "");
        writer.Write(WorkingSize ?? 0);
        writer.Write(_notes.Count);
        foreach ((string id, ListingNote note) in _notes)
        {
            writer.Write(id);
            note.Write(writer);
        }
    });

    private static async Task<ListingNotes> FromAsync(IStore store, StoredDocument document, CancellationToken cancellationToken)
    {
        try
        {
            ListingNotes notes = IndexFormat.Open(document.Content, Magic, FirstVersion, Version, Read);
            return notes.RunId is not { } runId || await new CommittedRuns(store).HasManifestAsync(runId, cancellationToken)
                ? notes
                : new ListingNotes { Damage = $"was written by run {runId}, which this archive does not have" };
        }
        catch (InvalidDataException e)
        {
            return new ListingNotes { Damage = $"is damaged: {e.Message}" };
        }
    }

    private static ListingNotes Read(BinaryReader reader, byte version)
    {
        string runId = version == FirstVersion ? "" : reader.ReadString();
        var all = new ListingNotes
        {
            RunId = runId.Length == 0 ? null : runId,
            WorkingSize = reader.ReadInt32() is > 0 and var size ? size : null,
        };
        for (int count = reader.ReadInt32(); count > 0; count--)
            all._notes[reader.ReadString()] = ListingNote.Read(reader);
        return all;
    }
}
