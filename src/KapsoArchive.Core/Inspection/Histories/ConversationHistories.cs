using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Reads the current state of conversations from the archive: the newest row by run for each message, without removed messages.
/// Sends no request to the source.</summary>
public sealed class ConversationHistories(IStore store)
{
    /// <param name="last">How many of the newest messages to return.</param>
    /// <exception cref="SettingException">The archive does not exist or has no message of the conversation.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    public async Task<ConversationHistory> ReadAsync(string conversationId, int last, CancellationToken cancellationToken)
    {
        if (!await ArchivePresence.IsThereAsync(store, cancellationToken))
            throw ArchivePresence.None(store, "");
        var conversation = Utf8Text.From(conversationId);
        Dictionary<string, MessageVersion> versions = new(StringComparer.Ordinal);
        string snapshot = "";
        try
        {
            await foreach (CommittedRun run in new CommittedRuns(store).ReadAsync(upTo: null, comparesBytes: false, cancellationToken))
            {
                snapshot = run.RunId;
                await run.ReadMessagesAsync(
                    (part, batch) => FindAsync(run, part, batch, conversation, versions, cancellationToken), cancellationToken);
            }

            MessageVersion[] present = [.. versions.Values.Where(v => !v.Removed)];
            Array.Sort(present, MessageVersion.Compare);
            return versions.Count > 0
                ? new ConversationHistory(
                    conversationId, snapshot, present.Length,
                    await MessagesAsync(present[^Math.Min(last, present.Length)..], cancellationToken))
                : throw new SettingException(
                    $"The archive at {store.Location} has no message of conversation {VisibleText.PrintedLine(conversationId)}. Find it "
                    + "by a name or number with `kapso-archive conversations`.");
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }
    }

    /// <summary>Finds the versions of the conversation's messages in a batch. Runs come oldest first, and a run writes a message
    /// once.</summary>
    private static async Task FindAsync(
        CommittedRun run, ManifestFile part, MessageBatch batch, Utf8Text conversation, Dictionary<string, MessageVersion> versions,
        CancellationToken cancellationToken)
    {
        if (!batch.MayHold(conversation))
            return;
        Utf8Text[] conversations = await batch.TextAsync("conversation_id", cancellationToken);
        if (!conversations.Contains(conversation))
            return;
        Utf8Text[] ids = await batch.TextAsync("id", cancellationToken);
        Utf8Text[] changes = await batch.TextAsync("change", cancellationToken);
        long[] times = await batch.TimesAsync(cancellationToken);
        long[] positions = await batch.PositionsAsync(cancellationToken);
        IReadOnlyList<MessageRow>? lines = batch.IsInMemory ? await batch.StoredRowsAsync(cancellationToken) : null;
        for (int row = 0; row < ids.Length; row++)
        {
            if (conversations[row] != conversation)
                continue;
            var version = new MessageVersion(
                ids[row].ToString()!, times[row], run.RunId, positions[row], Datasets.ToChange(changes[row].Span) == Change.Removed,
                run, part, batch.Number, row, lines is null ? null : ChatMessage.Of(lines[row]));
            versions[version.Id] = versions.TryGetValue(version.Id, out MessageVersion? earlier) ? version.InPlaceOf(earlier) : version;
        }
    }

    private static async Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        IReadOnlyList<MessageVersion> versions, CancellationToken cancellationToken)
    {
        Dictionary<string, ChatMessage> messages = versions.Select(v => v.Message).OfType<ChatMessage>()
            .ToDictionary(m => m.Id, StringComparer.Ordinal);
        foreach (var group in versions.Where(v => v.Message is null).GroupBy(v => (v.Run, v.Part, v.Group)))
        {
            await group.Key.Run.ReadPartAsync(
                group.Key.Part,
                async batch =>
                {
                    if (batch.Number != group.Key.Group)
                        return;
                    IReadOnlyList<MessageRow> rows = await batch.StoredRowsAsync(cancellationToken);
                    foreach (ChatMessage message in group.Select(v => ChatMessage.Of(rows[v.Row])))
                        messages.Add(message.Id, message);
                },
                cancellationToken);
        }

        return [.. versions.Select(v => messages[v.Id])];
    }
}
