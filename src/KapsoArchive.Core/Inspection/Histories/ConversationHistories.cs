using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Reads the current state of conversations from the archive: the newest row by run for each message, without removed messages.
/// Sends no request to the source. Needs about 200 bytes of memory for each message of the conversation.</summary>
public sealed class ConversationHistories(IStore store)
{
    /// <exception cref="SettingException">The archive does not exist or has no message of the conversation.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    public async Task<ConversationHistory> ReadAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        if (!await ArchivePresence.IsThereAsync(store, cancellationToken))
            throw ArchivePresence.None(store, "");
        Dictionary<string, MessageVersion> versions = new(StringComparer.Ordinal);
        string snapshot = "";
        try
        {
            await foreach ((string run, List<MessageVersion> found) in new CommittedRuns(store).SelectAsync(
                async run => (run.RunId, await FindAsync(run, request, cancellationToken)), cancellationToken))
            {
                snapshot = run;
                foreach (MessageVersion version in found)
                {
                    versions[version.Id] =
                        versions.TryGetValue(version.Id, out MessageVersion? earlier) ? version.InPlaceOf(earlier) : version;
                }
            }

            if (versions.Count == 0)
            {
                throw new SettingException(
                    $"The archive at {store.Location} has no message of conversation {VisibleText.PrintedLine(request.ConversationId)}. "
                    + "Find it by a name or number with `kapso-archive conversations`.");
            }

            return await PageAsync(request, snapshot, [.. versions.Values.Where(v => !v.Removed)], cancellationToken);
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }
    }

    private static async Task<ConversationHistory> PageAsync(
        HistoryRequest request, string snapshot, MessageVersion[] present, CancellationToken cancellationToken)
    {
        MessageVersion[] matching = [.. present.Where(v => v.Matches)];
        if (FoldedText.Of(request.Text) is { Length: > 0 } text)
            matching = await WithTextAsync(matching, text, cancellationToken);
        Array.Sort(matching, MessageVersion.Compare);
        int start = request.After?.In(matching).AfterStart ?? 0;
        int end = Math.Max(start, request.Before?.In(matching).BeforeEnd ?? matching.Length);
        (start, end) = request.OldestFirst
            ? (start, start + Math.Min(request.Limit, end - start))
            : (end - Math.Min(request.Limit, end - start), end);
        Dictionary<string, ChatMessage> messages = new(StringComparer.Ordinal);
        await ReadAsync(matching[start..end], m => messages.Add(m.Id, m), cancellationToken);
        return new ConversationHistory(
            request.ConversationId, snapshot, present.Length, matching.Length, [.. matching[start..end].Select(v => messages[v.Id])])
        {
            Older = start > 0 && start < end ? HistoryCursor.Of(matching[start]) : null,
            Newer = end < matching.Length && start < end ? HistoryCursor.Of(matching[end - 1]) : null,
        };
    }

    private static async Task<MessageVersion[]> WithTextAsync(
        IReadOnlyList<MessageVersion> versions, string text, CancellationToken cancellationToken)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        await ReadAsync(
            versions,
            message =>
            {
                if (HistoryRequest.HasText(message, text))
                    found.Add(message.Id);
            },
            cancellationToken);
        return [.. versions.Where(v => found.Contains(v.Id))];
    }

    /// <summary>Finds the rows of the conversation in a run, which writes a message once.</summary>
    private static async Task<List<MessageVersion>> FindAsync(
        CommittedRun run, HistoryRequest request, CancellationToken cancellationToken)
    {
        List<MessageVersion> found = [];
        var conversation = Utf8Text.From(request.ConversationId);
        await run.ReadMessagesAsync(
            async (part, batch) =>
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
                bool[] matches = await MatchesAsync(batch, times, request, cancellationToken);
                IReadOnlyList<MessageRow>? lines = batch.IsInMemory ? await batch.StoredRowsAsync(cancellationToken) : null;
                for (int row = 0; row < ids.Length; row++)
                {
                    if (conversations[row] != conversation)
                        continue;
                    found.Add(new MessageVersion(
                        ids[row].ToString()!, times[row], run.RunId, positions[row], matches[row],
                        Datasets.ToChange(changes[row].Span) == Change.Removed, run, part, batch.Number, row,
                        lines is null ? null : ChatMessage.Of(lines[row])));
                }
            },
            cancellationToken);
        return found;
    }

    private static async Task<bool[]> MatchesAsync(
        MessageBatch batch, long[] times, HistoryRequest request, CancellationToken cancellationToken)
    {
        bool[] matches = [.. times.Select(t => request.Range.Holds(t == long.MinValue ? null : t))];
        if (request.Direction is { } wanted)
            await KeepAsync("direction", [Utf8Text.From(wanted)]);
        if (request.Types.Count > 0)
            await KeepAsync("message_type", [.. request.Types.Select(Utf8Text.From)]);
        return matches;

        async Task KeepAsync(string column, Utf8Text[] values)
        {
            Utf8Text[] texts = await batch.TextAsync(column, cancellationToken);
            for (int row = 0; row < texts.Length; row++)
                matches[row] &= values.Contains(texts[row]);
        }
    }

    /// <summary>Reads the messages of rows, in any order.</summary>
    private static async Task ReadAsync(
        IReadOnlyList<MessageVersion> versions, Action<ChatMessage> read, CancellationToken cancellationToken)
    {
        foreach (ChatMessage message in versions.Select(v => v.Message).OfType<ChatMessage>())
            read(message);
        foreach (var part in versions.Where(v => v.Message is null).GroupBy(v => (v.Run, v.Part)))
        {
            ILookup<int, int> rows = part.ToLookup(v => v.Group, v => v.Row);
            await part.Key.Run.ReadPartAsync(
                part.Key.Part,
                async batch =>
                {
                    if (!rows.Contains(batch.Number))
                        return;
                    IReadOnlyList<MessageRow> all = await batch.StoredRowsAsync(cancellationToken);
                    foreach (int row in rows[batch.Number])
                        read(ChatMessage.Of(all[row]));
                },
                cancellationToken);
        }
    }
}
