using KapsoArchive.Core.Runs.Index;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Runs.Notes;

/// <summary>
/// What the readings of all conversations left for the next run: the document <c>listing-notes</c> of the state area. It is no proof and
/// nothing compares it: if it is lost, waiting removals
/// wait once more, and unreadable records are looked for again.
/// </summary>
internal sealed class ListingNotes
{
    private const string Magic = "KALN";
    private const byte Version = 1;
    private const int MaxWrites = 5;

    public static readonly StorePath Path = new(StoreArea.State, "listing-notes");

    private readonly SortedDictionary<string, ListingNote> _notes = new(StringComparer.Ordinal);

    /// <summary>The most records that could be requested at once when larger pages failed; null if none failed.</summary>
    public int? WorkingSize { get; private set; }

    /// <summary>What the last reading of a conversation left.</summary>
    public ListingNote Of(string conversationId) => _notes.GetValueOrDefault(conversationId, ListingNote.None);

    /// <summary>A document that is damaged or missing is as good as an empty one.</summary>
    public static async Task<ListingNotes> ReadAsync(IStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(Path, cancellationToken) is { } document ? From(document) : new ListingNotes();

    /// <summary>Takes in what a committed run found; the same run may be taken in again.</summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="notes">What the run left of each conversation that it read.</param>
    /// <param name="workingSize">See <see cref="WorkingSize"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task UpdateAsync(
        IStore store, IEnumerable<(string ConversationId, ListingNote Note)> notes, int? workingSize, CancellationToken cancellationToken)
    {
        for (int write = 1; ; write++)
        {
            StoredDocument? before = await store.ReadAsync(Path, cancellationToken);
            ListingNotes all = before is null ? new ListingNotes() : From(before);
            if (!all.Take(notes, workingSize))
                return;
            try
            {
                await store.ReplaceAsync(Path, all.ToBytes(), before?.ETag, cancellationToken);
                return;
            }
            catch (StoreConflictException) when (write < MaxWrites)
            {
                // Written in between: look again.
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
        writer.Write(WorkingSize ?? 0);
        writer.Write(_notes.Count);
        foreach ((string id, ListingNote note) in _notes)
        {
            writer.Write(id);
            note.Write(writer);
        }
    });

    private static ListingNotes From(StoredDocument document)
    {
        try
        {
            return IndexFormat.Open(document.Content, Magic, Version, Version, static (reader, _) =>
            {
                var all = new ListingNotes { WorkingSize = reader.ReadInt32() is > 0 and var size ? size : null };
                for (int count = reader.ReadInt32(); count > 0; count--)
                    all._notes[reader.ReadString()] = ListingNote.Read(reader);
                return all;
            });
        }
        catch (InvalidDataException)
        {
            return new ListingNotes();
        }
    }
}
