using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>The files behind the messages of an export. Needs about 350 bytes of memory for each.</summary>
internal sealed class ExportMedia
{
    private readonly Dictionary<string, Dictionary<string, MessageFile>> _files = new(StringComparer.Ordinal);

    /// <param name="rows">The rows of its media dataset.</param>
    public ExportMedia(IEnumerable<MediaRow> rows)
    {
        foreach (IGrouping<string, MediaRow> conversation in rows.GroupBy(r => r.ConversationId, StringComparer.Ordinal))
            MessageFile.Add(_files[conversation.Key] = new(StringComparer.Ordinal), conversation);
    }

    /// <summary>The files of a conversation by message id.</summary>
    public IReadOnlyDictionary<string, MessageFile> Of(string conversationId) => _files.GetValueOrDefault(conversationId) ?? [];
}
