using KapsoArchive.Core.Messages;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>One page to be created, with its messages as they are found.</summary>
internal sealed class DocumentWork(ConversationHead head, ConversationBook book, int page)
{
    private readonly ChatMessage?[] _messages = new ChatMessage?[book.RangeOf(page).Last - book.RangeOf(page).First + 1];

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
