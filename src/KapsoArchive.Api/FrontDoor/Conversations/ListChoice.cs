using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>What the list of conversations is asked for.</summary>
/// <param name="Text">A name, number or id; empty for all. It is only ever sent in a form, because servers log addresses.</param>
/// <param name="Outcome">Empty for all.</param>
/// <param name="Sort">One of <see cref="Orders"/>.</param>
/// <param name="Page">The first is 1.</param>
/// <param name="Area">One of <see cref="Areas"/>: where the text is looked for.</param>
internal sealed record ListChoice(string Text, string Outcome, string Sort, int Page, string Area)
{
    public const string Messages = "messages";

    public static readonly (string Value, string Text)[] Areas = [("", "Names, numbers and ids"), (Messages, "Messages")];

    public static readonly (string Value, string Text)[] Orders =
        [("last", "Last message"), ("name", "Name"), ("messages", "Most messages")];

    public static readonly (string Value, string Text)[] Outcomes =
        [("", "All"), ("complete", "Complete"), ("incomplete", "Incomplete"), ("gone", "Gone from Kapso"), ("failed", "Failed")];

    public ConversationOrder Order => Enum.Parse<ConversationOrder>(Sort, ignoreCase: true);

    /// <param name="field">A field of the form or of the address.</param>
    public static ListChoice Of(string text, Func<string, string> field) => new(
        text.Trim(), Known(Outcomes, field("outcome")), Known(Orders, field("sort")),
        int.TryParse(field("page"), NumberStyles.None, CultureInfo.InvariantCulture, out int page) ? Math.Max(1, page) : 1,
        Known(Areas, field("in")));

    private static string Known((string Value, string Text)[] values, string value) =>
        values.Any(v => v.Value == value) ? value : values[0].Value;
}
