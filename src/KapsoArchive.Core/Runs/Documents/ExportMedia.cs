using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>The files behind the messages of an export, as its media dataset has them. Needs about 350 bytes of memory for each.</summary>
internal sealed class ExportMedia
{
    private readonly Dictionary<string, Dictionary<string, MessageFile>> _files = new(StringComparer.Ordinal);

    /// <param name="files">The files of the export; those of the media dataset are visible.</param>
    /// <exception cref="InvalidDataException">A file is missing or invalid.</exception>
    public static async Task<ExportMedia> ReadAsync(IStore store, IEnumerable<RunFile> files, CancellationToken cancellationToken)
    {
        var media = new ExportMedia();
        foreach (RunFile file in files.Where(f => f.Entry.Dataset == Datasets.Media.Name))
        {
            await using Stream content = await store.OpenReadAsync(file.Staged.Path, cancellationToken)
                ?? throw new InvalidDataException($"{file.Entry.Path} is missing");
            await foreach (IReadOnlyList<MediaRow> rows in MediaReader.ReadAsync(content, conversationId: null, cancellationToken))
            {
                foreach (IGrouping<string, MediaRow> conversation in rows.GroupBy(r => r.ConversationId, StringComparer.Ordinal))
                {
                    if (!media._files.TryGetValue(conversation.Key, out Dictionary<string, MessageFile>? known))
                        media._files.Add(conversation.Key, known = new(StringComparer.Ordinal));
                    MessageFile.Add(known, conversation);
                }
            }
        }

        return media;
    }

    /// <summary>The files of a conversation by message id.</summary>
    public IReadOnlyDictionary<string, MessageFile> Of(string conversationId) => _files.GetValueOrDefault(conversationId) ?? [];
}
