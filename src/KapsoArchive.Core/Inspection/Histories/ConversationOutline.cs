using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Inspection.Histories;

/// <summary>A conversation as of one run: where its messages are, and which refer to which. Positions start at 1.</summary>
/// <param name="Messages">The messages that are not removed, in display order.</param>
/// <param name="Book">Finds messages by their WhatsApp ids, and the reactions to each.</param>
internal sealed record ConversationOutline(
    string ConversationId, string Snapshot, IReadOnlyList<MessageVersion> Messages, ConversationBook Book)
{
    private readonly Dictionary<string, int> _positions = [];

    /// <summary>The files behind the messages, by message id.</summary>
    public IReadOnlyDictionary<string, MessageFile> Files { get; init; } = new Dictionary<string, MessageFile>();

    public static ConversationOutline Of(string conversationId, string snapshot, IEnumerable<MessageVersion> versions)
    {
        MessageVersion[] present = [.. versions.Where(v => !v.Removed)];
        Array.Sort(present, MessageVersion.Compare);
        var book = new ConversationBook(
            [.. present.Select((v, i) => new MessagePlace(v.CreatedAt, v.FirstPosition, Group: 0, i, v.Name))], [1],
            present.Select(v => v.Reaction).OfType<Reaction>());
        return new ConversationOutline(conversationId, snapshot, present, book);
    }

    public int PositionOf(MessageVersion version)
    {
        lock (_positions)
        {
            if (_positions.Count == 0)
            {
                for (int i = 0; i < Messages.Count; i++)
                    _positions.Add(Messages[i].Id, i + 1);
            }

            return _positions[version.Id];
        }
    }

    /// <summary>The positions of the messages that these answer, edit or delete.</summary>
    public IEnumerable<int> NamedBy(IEnumerable<ChatMessage> messages) =>
        messages.Select(MessageReference.Of).Where(r => r is { IsQuote: true }).Select(r => Book.PositionOf(r!.Target)).OfType<int>()
            .Distinct();
}
