using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Pages.Conversations;

namespace KapsoArchive.Core.Runs.Documents;

/// <summary>Reads the parts once and learns the places of each conversation's messages and the targets of reactions. Needs about 40 bytes
/// per message.</summary>
/// <param name="hasVersions">Whether a message may have several rows.</param>
/// <param name="nameless">The conversations without a known number: that in their messages is shown.</param>
internal sealed class PlacesScan(PartSet parts, bool hasVersions, IReadOnlySet<string> nameless)
{
    private readonly Dictionary<string, ConversationPlaces> _conversations = new(StringComparer.Ordinal);

    /// <returns>The conversations that have messages, by id.</returns>
    public async Task<IReadOnlyDictionary<string, ConversationPlaces>> ReadAsync(CancellationToken cancellationToken)
    {
        for (int group = 0; group < parts.GroupCount; group++)
            await ReadAsync(group, cancellationToken);
        return _conversations;
    }

    private async Task ReadAsync(int group, CancellationToken cancellationToken)
    {
        Utf8Text[] ids = await parts[group].TextAsync("conversation_id", cancellationToken);
        MessagePlace[] places = await parts[group].PlacesAsync(group, cancellationToken);
        Utf8Text[] types = await parts[group].TextAsync("message_type", cancellationToken);
        Utf8Text[] messages = hasVersions ? await parts[group].TextAsync("id", cancellationToken) : [];
        Utf8Text[] changes = hasVersions ? await parts[group].TextAsync("change", cancellationToken) : [];
        long[] archived = hasVersions ? await parts[group].ArchivedTimesAsync(cancellationToken) : [];
        ConversationPlaces? conversation = null;
        var owners = new ConversationPlaces[ids.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            if (conversation is null || ids[row] != ids[row - 1])
            {
                conversation = Of(ids[row].ToString()!);
                conversation.Files.Add(parts.FileOf(group));
            }

            if (hasVersions)
            {
                bool isRemoval = Datasets.ToChange(changes[row].Span) == Change.Removed;
                ref List<VersionPlace>? versions = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    conversation.Versions, MessagePlace.NameOf(messages[row].Span), out _);
                (versions ??= []).Add(new VersionPlace(places[row], archived[row], isRemoval));
            }
            else
            {
                conversation.Messages.Add(places[row]);
            }

            owners[row] = conversation;
        }

        await FindNumbersAsync(group, ids, cancellationToken);
        foreach ((int row, Reaction reaction) in await Reaction.FindAsync(
            parts[group], Enumerable.Range(0, ids.Length), types, cancellationToken))
            owners[row].Reactions.Add((places[row], reaction));
    }

    private async Task FindNumbersAsync(int group, Utf8Text[] ids, CancellationToken cancellationToken)
    {
        HashSet<string> wanted =
        [
            .. nameless.Count == 0
                ? []
                : ids.Distinct().Select(id => id.ToString()!)
                    .Where(id => nameless.Contains(id) && _conversations[id].PhoneNumber is null),
        ];
        if (wanted.Count == 0)
            return;
        Utf8Text[] numbers = await parts[group].TextAsync("phone_number", cancellationToken);
        for (int row = 0; row < ids.Length; row++)
        {
            if (numbers[row].HasValue && wanted.Remove(ids[row].ToString()!))
                _conversations[ids[row].ToString()!].PhoneNumber = numbers[row].ToString();
        }
    }

    private ConversationPlaces Of(string id)
    {
        if (!_conversations.TryGetValue(id, out ConversationPlaces? conversation))
            _conversations.Add(id, conversation = new ConversationPlaces());
        return conversation;
    }
}
