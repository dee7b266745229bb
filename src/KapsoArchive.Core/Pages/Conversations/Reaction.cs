using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>A reaction to a message: an emoji.</summary>
/// <param name="Target">The message reacted to, as the hash of its WhatsApp id.</param>
/// <param name="Emoji">Empty if the reaction was withdrawn.</param>
/// <param name="Person">Who reacted, if the record says so: a telephone number or a business-scoped id.</param>
internal sealed record Reaction(ulong Target, string Emoji, bool IsOutbound, string Person)
{
    private static readonly Utf8Text TypeName = Utf8Text.From("reaction");
    private static readonly Utf8Text Outbound = Utf8Text.From("outbound");

    /// <summary>Finds the reactions among some rows.</summary>
    /// <param name="types">The column <c>message_type</c>.</param>
    public static async Task<IReadOnlyDictionary<int, Reaction>> FindAsync(
        MessageBatch batch, IEnumerable<int> rows, Utf8Text[] types, CancellationToken cancellationToken)
    {
        Dictionary<int, Reaction> found = [];
        int[] reactions = [.. rows.Where(row => types[row] == TypeName)];
        if (reactions.Length == 0)
            return found;
        Utf8Text[] data = await batch.TextAsync("message_type_data", cancellationToken);
        Utf8Text[] directions = await batch.TextAsync("direction", cancellationToken);
        Utf8Text[] numbers = await batch.TextAsync("phone_number", cancellationToken);
        Utf8Text[] extra = await batch.TextAsync("extra", cancellationToken);
        foreach (int row in reactions)
        {
            string person = numbers[row].ToString() ?? ChatMessage.ObjectOf(extra[row].ToString()).Text("from_user_id") ?? "";
            if (Of(data[row].ToString(), directions[row] == Outbound, person) is { } reaction)
                found.Add(row, reaction);
        }

        return found;
    }

    /// <summary>Null if the message does not name another.</summary>
    public static Reaction? Of(string? typeData, bool isOutbound, string person)
    {
        JsonElement data = ChatMessage.DataOf(ChatMessage.ObjectOf(typeData), "reaction");
        return data.Text("message_id") is { Length: > 0 } id
            ? new Reaction(MessageReference.NameOf(id), data.Text("emoji") ?? "", isOutbound, person)
            : null;
    }

    /// <summary>Whether two reactions come from the same person. Each has one reaction per message: the last.</summary>
    public bool HasSamePerson(Reaction other) => IsOutbound == other.IsOutbound && Person == other.Person;
}
