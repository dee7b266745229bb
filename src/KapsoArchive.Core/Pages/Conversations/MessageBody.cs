using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Writes the pieces of a message's content.</summary>
internal static class MessageBody
{
    /// <param name="place">Where it stands; null to leave out the file behind it.</param>
    public static void Write(HtmlWriter html, ChatMessage message, BubblePlace? place = null)
    {
        IReadOnlyList<ContentPiece> pieces = MessageContent.Of(message);
        MessageFile? file = place?.FileAddressOf is null || message.File?.IsStored != true ? null : message.File;
        int name = file is null ? -1 : pieces.TakeWhile(p => p.Kind != PieceKind.Name).Count();
        for (int i = 0; i < pieces.Count;)
        {
            PieceKind kind = pieces[i].Kind;
            if (i == name)
            {
                Attach(pieces[i++].Text);
            }
            else if (file is not null && kind == PieceKind.Fact)
            {
                i++; // What the archive has seen of the file stands in place of what was said of it.
            }
            else if (kind is PieceKind.Fact or PieceKind.Option)
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

        if (name == pieces.Count)
            Attach(file!.SavedName);
        if (place is not null && (message.File?.Lack ?? (message.File is null && message.MediaName is not null
            ? $"The file is not in {place.Whole}" : null)) is { } lack)
        {
            using (html.Element("p"))
                html.Element("small", null, lack);
        }

        void Attach(string shown) => AttachedFile.Write(
            html, file!, place!.FileAddressOf!(message), shown, pieces.FirstOrDefault(p => p.Kind == PieceKind.Text)?.Text ?? shown);
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
