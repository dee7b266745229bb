using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>One page to be created, with its messages as they are found.</summary>
internal sealed class DocumentWork(ConversationHead head, ConversationBook book, int page)
{
    private readonly ChatMessage?[] _messages = new ChatMessage?[book.RangeOf(page).Last - book.RangeOf(page).First + 1];

    private readonly Dictionary<int, ChatMessage[]> _earlier = [];

    public ConversationHead Head => head;

    public ConversationBook Book => book;

    public int Page => page;

    /// <summary>Position of its first message.</summary>
    public int First => book.RangeOf(page).First;

    public int Count => _messages.Length;

    public string Path => $"{head.Folder}/{ConversationBook.FileOf(page)}";

    public ChatMessage this[int index]
    {
        get => _messages[index] ?? throw new InvalidOperationException("A message of the page was not read.");
        set => _messages[index] = value;
    }

    /// <summary>The messages that those of the page name, by their position in the conversation.</summary>
    public Dictionary<int, ChatMessage?> Named { get; } = [];

    /// <summary>The earlier versions of a message of the page, oldest first.</summary>
    public ChatMessage[] EarlierOf(int index) => _earlier.GetValueOrDefault(index, []);

    /// <summary>The rows that the page shows.</summary>
    public long Rows => Enumerable.Range(First, Count).Sum(position => (long)(Book.VersionsOf(position)?.Rows ?? 1));

    /// <summary>What the page needs: its messages, and their earlier versions.</summary>
    public IEnumerable<(MessagePlace Place, Action<ChatMessage> Found)> Wanted()
    {
        for (int i = 0; i < Count; i++)
        {
            int index = i;
            yield return (Book.PlaceOf(First + i), message => this[index] = message);
            if (Book.VersionsOf(First + i) is not { Earlier: { Count: > 0 } earlier })
                continue;
            ChatMessage[] versions = _earlier[i] = new ChatMessage[earlier.Count];
            for (int j = 0; j < earlier.Count; j++)
            {
                int version = j;
                yield return (earlier[j].Place, message => versions[version] = message);
            }
        }
    }

    /// <summary>The position of the message that a message of the page names; null if the conversation does not have it.</summary>
    public int? PositionNamedBy(int index) =>
        MessageReference.Of(this[index]) is { IsQuote: true } reference ? Book.PositionOf(reference.Target) : null;

    /// <summary>Learns which messages it needs besides its own.</summary>
    public void FindNamed()
    {
        for (int i = 0; i < Count; i++)
        {
            if (PositionNamedBy(i) is { } position)
                Named[position] = position >= First && position < First + Count ? this[position - First] : null;
        }
    }
}
