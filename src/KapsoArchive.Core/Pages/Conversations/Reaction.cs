using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>A reaction to a message: an emoji.</summary>
/// <param name="Target">The message reacted to, as the hash of its WhatsApp id.</param>
/// <param name="Emoji">Empty if the reaction was withdrawn.</param>
/// <param name="Person">Who reacted, if the record says so: a telephone number or a business-scoped id.</param>
internal sealed record Reaction(ulong Target, string Emoji, bool IsOutbound, string Person)
{
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
