using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Pages.Conversations;
using KapsoArchive.Core.Storage;
using KapsoArchive.Core.Text;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>
/// Reads the current state of conversations from the archive: the newest row by run for each message, without removed messages. Sends no
/// request to the source.
/// </summary>
public sealed class ConversationHistories(IStore store)
{
    /// <param name="conversationId">The conversation.</param>
    /// <param name="last">How many of the newest messages to return.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="SettingException">The archive does not exist or has no message of the conversation.</exception>
    /// <exception cref="StoreException">The store cannot be read, or a file in it is damaged.</exception>
    public async Task<ConversationHistory> ReadAsync(string conversationId, int last, CancellationToken cancellationToken)
    {
        if (!await ArchivePresence.IsThereAsync(store, cancellationToken))
            throw ArchivePresence.None(store, "");
        var conversation = Utf8Text.From(conversationId);
        Dictionary<string, MessageVersion> versions = new(StringComparer.Ordinal);
        string snapshot = "";
        await foreach ((string runId, StorePath path) in CommittedRuns.ListAsync(store, cancellationToken))
        {
            snapshot = runId;
            foreach (HistoryPart part in await PartsAsync(runId, path, cancellationToken))
            {
                // Runs come oldest first, and a run writes a message once.
                foreach (MessageVersion version in await part.FindAsync(conversation, cancellationToken))
                    versions[version.Id] = versions.TryGetValue(version.Id, out MessageVersion? earlier)
                        ? version.InPlaceOf(earlier)
                        : version;
            }
        }

        if (versions.Count == 0)
            throw new SettingException(
                $"The archive at {store.Location} has no message of conversation {Printable(conversationId)}. Give the whole id, as the "
                + "column conversation_id has it.");
        MessageVersion[] present = [.. versions.Values.Where(v => !v.Removed)];
        Array.Sort(present, MessageVersion.Compare);
        return new ConversationHistory(
            conversationId, snapshot, present.Length, await MessagesAsync(present[^Math.Min(last, present.Length)..], cancellationToken));
    }

    private static async Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        IReadOnlyList<MessageVersion> versions, CancellationToken cancellationToken)
    {
        Dictionary<string, ChatMessage> messages = versions.Select(v => v.Message).OfType<ChatMessage>()
            .ToDictionary(m => m.Id, StringComparer.Ordinal);
        foreach (var group in versions.Where(v => v.Message is null).GroupBy(v => (v.Part, v.Group)))
        {
            foreach (ChatMessage message in await group.Key.Part.ReadAsync(group.Key.Group, group.Select(v => v.Row), cancellationToken))
                messages.Add(message.Id, message);
        }

        return [.. versions.Select(v => messages[v.Id])];
    }

    /// <summary>Both formats contain the same rows; Parquet needs fewer bytes.</summary>
    private async Task<IReadOnlyList<HistoryPart>> PartsAsync(string runId, StorePath path, CancellationToken cancellationToken)
    {
        if (await StoredManifest.ReadAsync(store, runId, path, cancellationToken) is not { } stored)
            throw new StoreException($"{path.Name} of {store.Location} was listed and is gone. Find out more with `kapso-archive verify`.");
        if (stored is not { Manifest: { } manifest, WhatIsWrong: null })
            throw new StoreException(
                $"{path.Name} of {store.Location} is damaged: it {stored.WhatIsWrong}. Find out more with `kapso-archive verify`.");
        PartFormat format = manifest.Files.Any(f => f.Dataset == Datasets.Messages.Name) ? PartFormat.Parquet : PartFormat.Jsonl;
        return [.. manifest.Files.Where(f => f.Dataset == Layout.Names(format).Dataset)
            .Select(f => new HistoryPart(store, runId, f.Path, format))];
    }

    private static string Printable(string text) => VisibleText.PrintedLine(text);
}
