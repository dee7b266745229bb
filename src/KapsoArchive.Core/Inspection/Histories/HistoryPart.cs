using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Pages.Conversations;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>
/// A part of a committed run, read for one conversation. Of Parquet it reads the row groups that may contain the conversation, and of those
/// only the columns that identify messages.
/// </summary>
internal sealed class HistoryPart(IStore store, string runId, string path, PartFormat format)
{
    /// <summary>Finds all versions of the conversation's messages in the part.</summary>
    /// <exception cref="StoreException">The part is missing or damaged.</exception>
    public Task<IReadOnlyList<MessageVersion>> FindAsync(Utf8Text conversation, CancellationToken cancellationToken) =>
        WithContentAsync(async content =>
            format == PartFormat.Parquet
                ? await FindInGroupsAsync(content, conversation, cancellationToken)
                : await FindInRowsAsync(content, conversation, cancellationToken));

    /// <summary>Reads the messages in some rows of a row group.</summary>
    /// <exception cref="StoreException">See above.</exception>
    public Task<IReadOnlyList<ChatMessage>> ReadAsync(int group, IEnumerable<int> rows, CancellationToken cancellationToken) =>
        WithContentAsync<IReadOnlyList<ChatMessage>>(async content =>
        {
            MessagePartFile part = await MessagePartFile.OpenAsync(content, cancellationToken);
            IReadOnlyList<MessageRow> all = await part.ReadAsync(group, cancellationToken);
            return [.. rows.Select(row => ChatMessage.Of(all[row]))];
        });

    private async Task<IReadOnlyList<MessageVersion>> FindInGroupsAsync(
        Stream content, Utf8Text conversation, CancellationToken cancellationToken)
    {
        MessagePartFile part = await MessagePartFile.OpenAsync(content, cancellationToken);
        List<MessageVersion> versions = [];
        for (int group = 0; group < part.GroupCount; group++)
        {
            if (!part.MayHold(group, conversation))
                continue;
            Utf8Text[] conversations = await part.ReadTextAsync(group, "conversation_id", cancellationToken);
            if (!conversations.Contains(conversation))
                continue;
            Utf8Text[] ids = await part.ReadTextAsync(group, "id", cancellationToken);
            Utf8Text[] changes = await part.ReadTextAsync(group, "change", cancellationToken);
            MessagePlace[] places = await part.ReadPlacesAsync(group, group, cancellationToken);
            for (int row = 0; row < ids.Length; row++)
            {
                if (conversations[row] != conversation)
                    continue;
                bool isRemoved = Datasets.ToChange(changes[row].Span) == Change.Removed;
                versions.Add(new MessageVersion(
                    ids[row].ToString()!, places[row].CreatedAt, runId, places[row].Position, isRemoved, this, group, row, Message: null));
            }
        }

        return versions;
    }

    private async Task<IReadOnlyList<MessageVersion>> FindInRowsAsync(
        Stream content, Utf8Text conversation, CancellationToken cancellationToken)
    {
        List<MessageVersion> versions = [];
        await foreach (IReadOnlyList<MessageRow> rows in PartReader.ReadAsync(format, content, cancellationToken))
        {
            foreach (MessageRow row in rows.Where(r => r.ConversationId == conversation))
            {
                (long createdAt, long position) = (row.CreatedAt ?? long.MinValue, row.Position ?? long.MinValue);
                versions.Add(new MessageVersion(
                    row.Id.ToString()!, createdAt, runId, position, row.Change == Change.Removed, this, 0, 0, ChatMessage.Of(row)));
            }
        }

        return versions;
    }

    private async Task<T> WithContentAsync<T>(Func<Stream, Task<T>> read)
    {
        const string Fix = "Find out more with `kapso-archive verify`.";
        try
        {
            await using Stream content = (StorePath.TryCreate(StoreArea.Data, path) is { } place
                ? await store.OpenReadAsync(place, CancellationToken.None)
                : null)
                ?? throw new StoreException($"{path} of {store.Location} is missing. {Fix}");
            return await read(content);
        }
        catch (InvalidDataException e)
        {
            throw new StoreException($"{path} of {store.Location} cannot be read: {e.Message} {Fix}", e);
        }
    }
}
