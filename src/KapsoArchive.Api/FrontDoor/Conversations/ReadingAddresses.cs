using KapsoArchive.Core.Inspection.Histories;

namespace KapsoArchive.Api.FrontDoor.Conversations;

/// <summary>The addresses of the pages that show the archive. They contain ids and places in a conversation, but no name, number or
/// text.</summary>
internal sealed class ReadingAddresses(HttpRequest request)
{
    private readonly string _base = request.PathBase.ToUriComponent();

    public string Home => $"{_base}/";

    public string List => $"{_base}/conversations";

    public string SignOut => $"{_base}/sign-out";

    public string ListOf(ListChoice choice) => $"{List}?sort={choice.Sort}&outcome={choice.Outcome}&page={choice.Page}";

    public string Conversation(string id) => $"{List}/{Uri.EscapeDataString(id)}";

    /// <summary>A page of a conversation.</summary>
    /// <param name="place">The name of a field of <see cref="HistoryChoice"/>: <c>before</c>, <c>after</c>, <c>from</c> or
    /// <c>first</c>.</param>
    public string Page(string id, string place, string value, string direction) =>
        $"{Conversation(id)}?{place}={value}{(direction.Length > 0 ? $"&direction={direction}" : "")}";

    /// <summary>The archived files of a conversation, by SHA-256.</summary>
    public Func<string, string> FilesOf(string id) => sha256 => $"{Conversation(id)}/files/{sha256}";

    /// <summary>The form for an export of the conversation.</summary>
    public string Export(string id) => $"{Home}?conversation={Uri.EscapeDataString(id)}#export";

    /// <summary>The page after a place, with all messages.</summary>
    public Func<HistoryCursor?, string> PagesOf(string id) =>
        place => place is { } cursor ? Page(id, "after", $"{cursor}", "") : Page(id, "first", "1", "");

    public static string Time(DateTimeOffset time, ReadingZone zone) =>
        $"{zone.Local(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {zone.Name}"
        + (zone.UtcBeside(time) is { Length: > 0 } utc ? $" ({utc})" : "");
}
