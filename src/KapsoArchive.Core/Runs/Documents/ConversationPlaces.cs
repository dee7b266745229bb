using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>The places of one conversation's messages.</summary>
internal sealed class ConversationPlaces
{
    private const int MessagesOfPage = 1_000;
    private const long BytesOfPage = 4 << 20;

    public List<MessagePlace> Messages { get; } = [];

    /// <summary>For an export of all versions: the rows of each message, by the hash of its id. They are put together in
    /// <see cref="ToBook"/>.</summary>
    public Dictionary<ulong, List<VersionPlace>> Versions { get; } = [];

    public List<(MessagePlace Place, Reaction Reaction)> Reactions { get; } = [];

    /// <summary>The other party's number, from its messages; null if it was not looked for.</summary>
    public string? PhoneNumber { get; set; }

    /// <summary>The parts that hold the messages.</summary>
    public HashSet<ManifestFile> Files { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>All rows: the messages in order, and of each its versions, oldest first.</summary>
    public IEnumerable<MessagePlace> Rows()
    {
        if (Versions.Count > 0)
            return Versions.Values.OrderBy(v => MessageVersions.Of(v).Newest, Comparer<MessagePlace>.Create(MessagePlace.Compare))
                .SelectMany(versions => versions.OrderBy(v => v.ArchivedAt).Select(v => v.Place));
        Messages.Sort(MessagePlace.Compare);
        return Messages;
    }

    /// <summary>Sorts the messages and divides them into pages of a thousand, or fewer if they are large.</summary>
    /// <param name="bytesPerRow">Average size of a message in its row group.</param>
    public ConversationBook ToBook(Func<int, long> bytesPerRow)
    {
        Dictionary<(int, int), MessageVersions> versions = [];
        foreach ((MessagePlace newest, MessageVersions others) in Versions.Values.Select(MessageVersions.Of))
        {
            Messages.Add(newest);
            versions.Add((newest.Group, newest.Row), others);
        }

        Messages.Sort(MessagePlace.Compare);
        List<int> starts = [1];
        long bytes = 0;
        for (int i = 0; i < Messages.Count; i++)
        {
            if (i + 1 - starts[^1] >= MessagesOfPage || bytes >= BytesOfPage)
            {
                starts.Add(i + 1);
                bytes = 0;
            }

            bytes += bytesPerRow(Messages[i].Group);
        }

        Reactions.Sort((a, b) => MessagePlace.Compare(a.Place, b.Place));
        return new ConversationBook(Messages, [.. starts], Reactions.Select(r => r.Reaction)) { Versions = versions };
    }
}
