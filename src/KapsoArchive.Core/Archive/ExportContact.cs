namespace KapsoArchive.Core.Archive;

/// <summary>A contact whose conversations are exported: those with one of its numbers or ids.</summary>
/// <param name="Text">How the contact was named in the request.</param>
/// <param name="Numbers">Telephone numbers, only their digits, with the country code.</param>
/// <param name="UserIds">Business-scoped ids.</param>
/// <param name="Conversations">Ids of conversations that belong to it in any case: one may have neither number nor id.</param>
public sealed record ExportContact(
    string Text, IReadOnlyList<string> Numbers, IReadOnlyList<string> UserIds, IReadOnlyList<string> Conversations)
{
    private const int ShortestNumber = 7;

    /// <summary>A contact that no archive knows: a number with its country code, or a business-scoped id.</summary>
    /// <returns>Null if the text is neither.</returns>
    public static ExportContact? Of(string text) =>
        text.Trim() is var name && DigitsOf(name) is { Length: >= ShortestNumber } digits && name.All(c => !char.IsLetter(c))
            ? new ExportContact(text, [digits], [], [])
            : name is [>= 'A' and <= 'Z', >= 'A' and <= 'Z', '.', ..] && name[3..].All(char.IsAsciiLetterOrDigit)
                ? new ExportContact(text, [], [name], [])
                : null;

    public bool Has(string conversationId, string? number, string? userId) =>
        (number is not null && Numbers.Contains(DigitsOf(number)))
        || (userId is not null && UserIds.Contains(userId))
        || Conversations.Contains(conversationId);

    /// <summary>The digits of a number; empty if it has none.</summary>
    public static string DigitsOf(string number) => string.Concat(number.Where(char.IsAsciiDigit));
}
