using KapsoArchive.Core.Inspection.Histories;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>What a conversation's page is asked for.</summary>
/// <param name="Text">Only messages with this text; empty for all. It is only ever sent in a form, because servers log addresses.</param>
/// <param name="Direction">Empty for both.</param>
/// <param name="From">The day to begin with; empty for none.</param>
/// <param name="Before">The place before which the page ends; empty for none.</param>
/// <param name="After">The place after which it begins; empty for none.</param>
/// <param name="IsFirst">Whether it begins with the first message.</param>
internal sealed record HistoryChoice(string Text, string Direction, string From, string Before, string After, bool IsFirst)
{
    public const int PageSize = 100;

    public static readonly (string Value, string Text)[] Directions = [("", "Both"), ("inbound", "Received"), ("outbound", "Sent")];

    /// <param name="field">A field of the form or of the address.</param>
    public static HistoryChoice Of(string text, Func<string, string> field) => new(
        text.Trim(), Directions.FirstOrDefault(d => d.Value == field("direction")).Value ?? "", field("from").Trim(), field("before"),
        field("after"), field("first").Length > 0);

    /// <exception cref="ProblemException">A field is wrong.</exception>
    public HistoryRequest ToRequest(string id, ReadingZone zone) => new(id, PageSize)
    {
        Text = Text.Length > 0 ? Text : null,
        Direction = Direction.Length > 0 ? Direction : null,
        Before = Place(nameof(Before), Before),
        After = Place(nameof(After), After),
        OldestFirst = IsFirst || After.Length > 0,
        StartAt = From.Length > 0 ? zone.StartOf(Day()) : null,
        Links = true,
    };

    private DateOnly Day() =>
        DateOnly.TryParseExact(From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
        && day.Year is > 1 and < 9999
            ? day
            : throw Problems.BadParameter("from", "It is not a date. Write year, month and day: 2026-03-01.");

    private static HistoryCursor? Place(string name, string text) => text.Length == 0 ? null
        : HistoryCursor.Parse(text) ?? throw Problems.BadParameter(
            name.ToLowerInvariant(), "It is not a place in a conversation. Open the conversation again, and use the links of its pages.");
}
