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
}
