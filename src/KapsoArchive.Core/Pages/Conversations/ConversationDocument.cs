using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>One HTML document of a conversation: its head or position, and messages by day.</summary>
internal sealed class ConversationDocument : IDisposable
{
    private readonly HtmlWriter _html;
    private readonly ConversationHead _head;
    private readonly ConversationBook _book;
    private readonly int _page;
    private readonly HtmlBody _body;
    private readonly MessageDays _days;

    /// <param name="fileAddressOf">See <see cref="BubblePlace.FileAddressOf"/>.</param>
    public ConversationDocument(
        HtmlWriter html, ConversationHead head, ConversationBook book, int page, Func<ChatMessage, string>? fileAddressOf)
    {
        (_html, _head, _book, _page) = (html, head, book, page);
        string title = page == 1 ? head.Name : string.Create(CultureInfo.InvariantCulture, $"{head.Name}, page {page:N0}");
        _body = HtmlShell.Begin(html, new HtmlHead(title)
        {
            Style = HtmlStyle.Conversation,
            HasFiles = fileAddressOf is not null,
        }, "narrow");
        if (page == 1)
            new ConversationFront(html, head, book).Write();
        else
            Heading();
        Turn("Pages, top");
        MessageDays.Legend(html, head.Name);
        _days = new MessageDays(html, new BubblePlace(book, head.Zone, book.AddressOf, "this export")
        {
            FileAddressOf = fileAddressOf,
        });
    }

    /// <inheritdoc cref="MessageDays.Add"/>
    public void Add(ChatMessage message, int position, ChatMessage? named, params IReadOnlyList<ChatMessage> earlier) =>
        _days.Add(message, position, named, earlier);

    public void Dispose()
    {
        _days.Dispose();
        Turn("Pages, bottom");
        using (_html.Element("footer"))
            _html.Element("p", null,
                $"{_head.Zone.Sentence} Characters that are invisible, or that change the order of others, appear here by name, such as "
                + "[U+202E]. "
                + "The files named on the first page are the evidence; this page only shows them.");
        // Repeated on each sheet of paper.
        _html.Element("p", "paper", $"{_head.Name}. Conversation {VisibleText.Line(_head.Id)}, {_head.Outcome}. Export {_head.ExportId} of "
            + $"{VisibleText.Line(_head.Source)}, made {ConversationFront.Made(_head)}.");
        _body.Dispose();
    }

    private void Heading()
    {
        using (_html.Element("p", "kicker"))
        {
            _html.Link("../index.html", "All conversations");
            _html.Text(string.Create(CultureInfo.InvariantCulture, $" · Page {_page:N0} of {_book.Pages:N0}"));
        }

        using (_html.Element("h1"))
        using (_html.Element("a"))
        {
            _html.Attribute("href", ConversationBook.FileOf(1));
            _html.Element("bdi", null, _head.Name);
        }
    }

    private void Turn(string label)
    {
        if (_book.Pages == 1)
            return;
        (int first, int last) = _book.RangeOf(_page);
        using (_html.Element("nav"))
        {
            _html.Attribute("aria-label", label);
            using (_html.Element("ul", "pages"))
            {
                Link(_page > 1, _page - 1, "← Earlier", null);
                _html.Element(
                    "li", "here", string.Create(CultureInfo.InvariantCulture, $"Messages {first:N0} to {last:N0} of {_book.Count:N0}"));
                Link(_page < _book.Pages, _page + 1, "Later →", "next");
            }
        }
    }

    private void Link(bool isThere, int page, string text, string? styleClass)
    {
        if (!isThere)
            return;
        using (_html.Element("li", styleClass))
            _html.Link(ConversationBook.FileOf(page), text);
    }
}
