using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>The division of a conversation into numbered documents, and the position of each message. Positions and numbers start at
/// 1.</summary>
internal sealed class ConversationBook
{
    private readonly IReadOnlyList<MessagePlace> _places;
    private readonly int[] _starts;
    private readonly Dictionary<ulong, int> _positions = [];
    private readonly Dictionary<int, List<Reaction>> _reactions = [];

    /// <param name="places">The messages, in display order.</param>
    /// <param name="starts">The position of the first message in each document.</param>
    /// <param name="reactions">All reactions, in display order.</param>
    public ConversationBook(IReadOnlyList<MessagePlace> places, int[] starts, IEnumerable<Reaction> reactions)
    {
        (_places, _starts) = (places, starts);
        for (int i = 0; i < places.Count; i++)
        {
            if (places[i].Name != 0)
                _positions.TryAdd(places[i].Name, i + 1);
        }

        foreach (Reaction reaction in reactions)
        {
            if (PositionOf(reaction.Target) is not { } position)
                continue;
            List<Reaction> others = _reactions.TryGetValue(position, out List<Reaction>? known) ? known : _reactions[position] = [];
            others.RemoveAll(reaction.HasSamePerson);
            if (reaction.Emoji.Length > 0)
                others.Add(reaction);
        }
    }

    /// <summary>For an export of all versions: the other rows of messages, by row group and row of the newest version.</summary>
    public IReadOnlyDictionary<(int Group, int Row), MessageVersions> Versions { get; init; } =
        new Dictionary<(int, int), MessageVersions>();

    public int Count => _places.Count;

    public int Pages => _starts.Length;

    /// <summary>The months with messages, each with the position of its first message.</summary>
    public IReadOnlyList<(string Month, int Position)> Months(ReadingZone zone)
    {
        List<(string Month, int Position)> months = [];
        for (int i = 0; i < _places.Count; i++)
        {
            string month = TimeOf(i + 1, zone)?.ToString("yyyy-MM", CultureInfo.InvariantCulture) ?? "No date";
            if (months.Count == 0 || months[^1].Month != month)
                months.Add((month, i + 1));
        }

        return months;
    }

    public static string FileOf(int page) => page == 1 ? "index.html" : string.Create(CultureInfo.InvariantCulture, $"page-{page:D4}.html");

    public static string AnchorOf(int position) => string.Create(CultureInfo.InvariantCulture, $"m{position}");

    public string AddressOf(int position) => $"{FileOf(PageOf(position))}#{AnchorOf(position)}";

    /// <summary>The positions of the first and last message in a document.</summary>
    public (int First, int Last) RangeOf(int page) => (_starts[page - 1], page < Pages ? _starts[page] - 1 : Count);

    /// <summary>Null if the message has no time.</summary>
    public DateTimeOffset? TimeOf(int position, ReadingZone zone) =>
        _places[position - 1].CreatedAt is var micros && micros == long.MinValue ? null : zone.Local(Timestamp.FromMicros(micros));

    public MessagePlace PlaceOf(int position) => _places[position - 1];

    /// <summary>Null unless the export has all versions.</summary>
    public MessageVersions? VersionsOf(int position) =>
        Versions.GetValueOrDefault((PlaceOf(position).Group, PlaceOf(position).Row));

    /// <summary>Null if the conversation has no such message.</summary>
    public int? PositionOf(ulong name) => name != 0 && _positions.TryGetValue(name, out int position) ? position : null;

    public IReadOnlyList<Reaction> ReactionsTo(int position) =>
        _reactions.TryGetValue(position, out List<Reaction>? reactions) ? reactions : [];

    private int PageOf(int position)
    {
        int page = Array.BinarySearch(_starts, position);
        return page >= 0 ? page + 1 : ~page;
    }
}
