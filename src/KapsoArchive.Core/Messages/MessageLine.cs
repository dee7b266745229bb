namespace KapsoArchive.Core.Messages;

/// <summary>Formats a message as plain text that is safe for a terminal: without control characters.</summary>
public static class MessageLine
{
    public static string Of(ChatMessage message)
    {
        string kind = message.Type is "text" or "" ? "" : $"[{message.Type}] ";
        string line = VisibleText.Of($"{kind}{Text(message)}").Trim();
        return line.Length > 0 ? line : "[without text]";
    }

    private static string Text(ChatMessage message)
    {
        var text = new StringBuilder();
        PieceKind before = PieceKind.Heading;
        foreach (ContentPiece piece in MessageContent.Of(message))
        {
            string? words = piece.Kind switch
            {
                PieceKind.Heading when text.Length > 0 || message.Type is "text" or "" => $"{piece.Text}:",
                PieceKind.Heading or PieceKind.Fact or PieceKind.Json => null,
                PieceKind.Field => $"{piece.More}: {piece.Text}",
                PieceKind.Error => $"– {piece.Text}",
                _ => piece.More is null ? piece.Text : $"{piece.Text} ({piece.More})",
            };
            if (words is null)
                continue;
            if (text.Length > 0)
                text.Append(IsLong(piece.Kind) && IsLong(before) ? '\n' : ' ');
            text.Append(words);
            before = piece.Kind;
        }

        return text.ToString();
    }

    private static bool IsLong(PieceKind kind) => kind is PieceKind.Text or PieceKind.Choice or PieceKind.Field;
}
