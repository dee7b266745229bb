using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>Reads the current state of conversations from the archive: the newest row by run for each message, without removed messages.
/// Sends no request to the source. Needs about 250 bytes of memory for each message of the conversation.</summary>
/// <param name="store">The archive.</param>
/// <param name="known">Keeps what was learned of conversations; null to learn it anew for each request.</param>
public sealed class ConversationHistories(IStore store, KnownOutlines? known = null)
{
    /// <exception cref="SettingException">The archive does not exist or has no message of the conversation.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    public async Task<ConversationHistory> ReadAsync(HistoryRequest request, CancellationToken cancellationToken) =>
        await FindAsync(request, cancellationToken) ?? throw new SettingException(
            $"The archive at {store.Location} has no message of conversation {VisibleText.PrintedLine(request.ConversationId)}. "
            + "Find it by a name or number with `kapso-archive conversations`.");

    /// <returns>Null if the archive has no message of the conversation.</returns>
    /// <exception cref="SettingException">The archive does not exist.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    public async Task<ConversationHistory?> FindAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        await ArchivePresence.CheckAsync(store, cancellationToken);
        try
        {
            return await OutlineAsync(request, cancellationToken) is { } outline
                ? await PageAsync(request, outline, cancellationToken)
                : null;
        }
        catch (DamagedFileException e)
        {
            throw e.WithRemedy();
        }
    }

    /// <summary>Opens the stored file behind a message of the conversation.</summary>
    /// <returns>Null if the conversation has no such file. The caller disposes the content, which is seekable.</returns>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    public async Task<(MessageFile File, Stream Content)?> OpenFileAsync(
        string conversationId, string sha256, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, MessageFile>? files = (await FindKnownAsync(conversationId, cancellationToken))?.Files;
        if (files is null) // Messages are not needed.
        {
            Dictionary<string, MessageFile> found = new(StringComparer.Ordinal);
            await foreach (List<MediaRow> rows in new CommittedRuns(store).SelectAsync(
                run => run.ReadMediaAsync(conversationId, cancellationToken), cancellationToken))
                MessageFile.Add(found, rows);
            files = found;
        }

        return files.Values.FirstOrDefault(f => f.IsStored && f.Sha256 == sha256) is { } file
            && file.Path!.StartsWith($"{Datasets.MediaFiles}/", StringComparison.Ordinal)
            && StorePath.TryCreate(StoreArea.Data, file.Path) is { } path
            && await store.OpenReadAsync(path, cancellationToken) is { } content
                ? (file, content)
                : null;
    }

    private async Task<ConversationOutline?> OutlineAsync(HistoryRequest request, CancellationToken cancellationToken) =>
        known is null
            ? await LearnAsync(request, cancellationToken)
            : await FindKnownAsync(request.ConversationId, cancellationToken)
                ?? known.Keep(await LearnAsync(request with { Links = true }, cancellationToken));

    private async Task<ConversationOutline?> FindKnownAsync(string conversationId, CancellationToken cancellationToken) =>
        known?.Find(conversationId, (await new LatestSnapshot(store).FindAsync(cancellationToken)).RunId);

    private async Task<ConversationOutline?> LearnAsync(HistoryRequest request, CancellationToken cancellationToken)
    {
        Dictionary<string, MessageVersion> versions = new(StringComparer.Ordinal);
        Dictionary<string, MessageFile> files = new(StringComparer.Ordinal);
        string snapshot = "";
        await foreach ((string run, List<MessageVersion> found, List<MediaRow> media) in new CommittedRuns(store).SelectAsync(
            async run => (run.RunId, await FindAsync(run, request, cancellationToken),
                await run.ReadMediaAsync(request.ConversationId, cancellationToken)),
            cancellationToken))
        {
            MessageFile.Add(files, media);
            snapshot = run;
            foreach (MessageVersion version in found)
                versions[version.Id] = versions.TryGetValue(version.Id, out MessageVersion? earlier) ? version.InPlaceOf(earlier) : version;
        }

        return versions.Count > 0
            ? ConversationOutline.Of(request.ConversationId, snapshot, versions.Values) with { Files = files }
            : null;
    }

    private static async Task<ConversationHistory> PageAsync(
        HistoryRequest request, ConversationOutline outline, CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageVersion> matching = request.TakesAll ? outline.Messages : [.. outline.Messages.Where(request.Takes)];
        if (FoldedText.Of(request.Text) is { Length: > 0 } text)
            matching = await WithTextAsync(matching, text, cancellationToken);
        (int start, int end) = request.PageOf(matching);
        MessageVersion[] page = [.. matching.Skip(start).Take(end - start)];
        int[] positions = [.. page.Select(outline.PositionOf)];
        Dictionary<int, ChatMessage> messages = await ReadAsync(outline, positions, cancellationToken);
        int[] named = request.Links ? [.. outline.NamedBy(messages.Values).Except(positions)] : [];
        return new ConversationHistory(
            outline.ConversationId, outline.Snapshot, outline.Messages.Count, matching.Count, [.. positions.Select(p => messages[p])])
        {
            Older = start > 0 && start < end ? HistoryCursor.Of(matching[start]) : null,
            Newer = end < matching.Count && start < end ? HistoryCursor.Of(matching[end - 1]) : null,
            Outline = outline,
            Positions = positions,
            Named = await ReadAsync(outline, named, cancellationToken),
        };
    }

    private static async Task<Dictionary<int, ChatMessage>> ReadAsync(
        ConversationOutline outline, IReadOnlyList<int> positions, CancellationToken cancellationToken)
    {
        Dictionary<string, int> wanted = positions.ToDictionary(p => outline.Messages[p - 1].Id, StringComparer.Ordinal);
        Dictionary<int, ChatMessage> found = [];
        await ReadAsync(
            [.. positions.Select(p => outline.Messages[p - 1])],
            m => found.Add(wanted[m.Id], outline.Files.TryGetValue(m.Id, out MessageFile? file) ? m with { File = file } : m),
            cancellationToken);
        return found;
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
                int[] mine = [.. Enumerable.Range(0, conversations.Length).Where(row => conversations[row] == conversation)];
                if (mine.Length > 0)
                    await AddAsync(found, run, part, batch, mine, request, cancellationToken);
            },
            cancellationToken);
        return found;
    }

    private static async Task AddAsync(
        List<MessageVersion> found, CommittedRun run, ManifestFile part, MessageBatch batch, int[] mine, HistoryRequest request,
        CancellationToken cancellationToken)
    {
        Utf8Text[] ids = await batch.TextAsync("id", cancellationToken);
        Utf8Text[] changes = await batch.TextAsync("change", cancellationToken);
        long[] times = await batch.TimesAsync(cancellationToken);
        long[] positions = await batch.PositionsAsync(cancellationToken);
        Utf8Text[]? directions = request.NeedsDirections ? await batch.TextAsync("direction", cancellationToken) : null;
        Utf8Text[]? types = request.NeedsTypes ? await batch.TextAsync("message_type", cancellationToken) : null;
        Utf8Text[]? names = request.Links ? await batch.TextAsync("whatsapp_message_id", cancellationToken) : null;
        IReadOnlyDictionary<int, Reaction> reactions = request.Links
            ? await Reaction.FindAsync(batch, mine, types!, cancellationToken)
            : new Dictionary<int, Reaction>();
        IReadOnlyList<MessageRow>? lines = batch.IsInMemory ? await batch.StoredRowsAsync(cancellationToken) : null;
        Dictionary<Utf8Text, string> words = []; // One object for each of the few directions and types.
        foreach (int row in mine)
        {
            found.Add(new MessageVersion(
                ids[row].ToString()!, times[row], run.RunId, positions[row],
                Datasets.ToChange(changes[row].Span) == Change.Removed, run, part, batch.Number, row,
                lines is null ? null : ChatMessage.Of(lines[row]))
            {
                Direction = Word(directions?[row] ?? default),
                Type = Word(types?[row] ?? default),
                Name = names is null ? 0 : MessagePlace.NameOf(names[row].Span),
                Reaction = reactions.GetValueOrDefault(row),
            });
        }

        string? Word(Utf8Text text) =>
            !text.HasValue ? null : words.TryGetValue(text, out string? word) ? word : words[text] = text.ToString()!;
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
