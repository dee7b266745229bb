using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes the pieces of a message's content.</summary>
internal static class MessageBody
{
    public static void Write(HtmlWriter html, ChatMessage message)
    {
        IReadOnlyList<ContentPiece> pieces = MessageContent.Of(message);
        for (int i = 0; i < pieces.Count;)
        {
            PieceKind kind = pieces[i].Kind;
            if (kind is PieceKind.Fact or PieceKind.Option)
            {
                int first = i;
                while (i < pieces.Count && pieces[i].Kind == kind)
                    i++;
                WriteTogether(html, kind, pieces.Skip(first).Take(i - first).Select(p => p.Text));
            }
            else
            {
                Write(html, pieces[i++]);
            }
        }
    }

    private static void Write(HtmlWriter html, ContentPiece piece)
    {
        switch (piece.Kind)
        {
            case PieceKind.Heading:
                html.Element("p", "kind", VisibleText.Line(piece.Text));
                break;
            case PieceKind.Name:
                using (html.Element("p", "name"))
                    html.Element("bdi", null, VisibleText.Line(piece.Text));
                break;
            case PieceKind.Choice:
                using (html.Element("div", "choice"))
                {
                    MessageText.Write(html, piece.Text);
                    if (piece.More is { } more)
                        html.Element("small", null, VisibleText.Of(more));
                }

                break;
            case PieceKind.Emoji:
                html.Element("p", "emoji", VisibleText.Line(piece.Text));
                break;
            case PieceKind.Error:
                html.Element("p", "kind failed", VisibleText.Line(piece.Text));
                break;
            case PieceKind.Field:
                html.Element("p", "kind", VisibleText.Line(piece.More));
                MessageText.Write(html, piece.Text);
                break;
            case PieceKind.Json:
                MessageText.Data(html, piece.Text);
                break;
            default:
                MessageText.Write(html, piece.Text);
                break;
        }
    }

    private static void WriteTogether(HtmlWriter html, PieceKind kind, IEnumerable<string> texts)
    {
        if (kind == PieceKind.Fact)
        {
            using (html.Element("p"))
                html.Element("small", null, VisibleText.Line(string.Join(" · ", texts)));
            return;
        }

        using (html.Element("ul", "options"))
        {
            foreach (string text in texts)
            {
                using (html.Element("li"))
                    html.Element("bdi", null, VisibleText.Line(text));
            }
        }
    }
}
