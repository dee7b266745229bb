using System.Threading.Channels;
using KapsoArchive.Core.Index;
using KapsoArchive.Core.Runs.Reading;

namespace KapsoArchive.Core.Runs;

/// <summary>The archive as a source of exports: what it knows of conversations, and their messages.</summary>
internal sealed class ArchivedSource(IStore store, ArchiveIndex index, RunTracker tracker)
{
    /// <summary>Conversations that are read in one pass over the parts.</summary>
    public const int AtOnce = 1_000;

    public ArchiveIndex Index => index;

    /// <exception cref="SettingException">There is no archive, or its index must be remade.</exception>
    public static async Task<ArchivedSource> OpenAsync(IStore store, RunTracker tracker, CancellationToken cancellationToken)
    {
        await ArchivePresence.CheckAsync(store, cancellationToken);
        try
        {
            ArchiveIndex index = await ArchiveIndex.ReadAsync(store, cancellationToken);
            return index.Catalog.RunId is not null ? new ArchivedSource(store, index, tracker) : throw Unusable(store, "is missing");
        }
        catch (IndexDamagedException)
        {
            throw Unusable(store, "is damaged");
        }
    }

    public static SettingException Unusable(IStore store, string problem) => new(
        $"The index of the archive at {store.Location} {problem}. Remake it with `kapso-archive verify --rebuild-index`.");

    /// <summary>The source of the archived messages, as the newest manifest names it.</summary>
    public static async Task<string> NameAsync(IStore store, CancellationToken cancellationToken)
    {
        NewestRun newest = await new LatestSnapshot(store).FindAsync(cancellationToken);
        StoredManifest? manifest = newest.RunId is { } id ? await new CommittedRuns(store).FindAsync(id, cancellationToken) : null;
        return manifest?.Manifest?.Source.BaseUrl ?? "";
    }

    /// <summary>Whether it has any conversation that an export asks for.</summary>
    public bool HasAny(JournalHead head) =>
        head.Conversations is { } ids ? ids.Any(id => index.Find(id) is not null) : Known(head.Choice?.Contact).Any();

    /// <summary>The conversations of a contact; all for null. Ordered by id.</summary>
    public IEnumerable<IndexedConversation> Known(ExportContact? contact) => index.Catalog.Conversations.Where(
        c => contact is null || contact.Has(c.Id, c.Names.PhoneNumber, c.Names.BusinessScopedUserId));

    /// <summary>Adds what the source did not list to conversations that were read, or everything to those for which it was not asked. Then
    /// passes on their ends.</summary>
    /// <param name="clock">An interruption ends it; what was passed on is kept, and not written twice.</param>
    /// <exception cref="StoreException">The archive is damaged.</exception>
    public async Task AddAsync(
        RunState state, IReadOnlyList<ConversationDone> ends, ChannelWriter<ReadItem> output, SliceClock clock,
        CancellationToken cancellationToken)
    {
        if (ends.Count == 0)
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Interruption);
        try
        {
            await new ArchivedConversations(store, state, index.Catalog, output, tracker).ReadAsync(ends, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The next slice reads these conversations again.
        }
    }
}
