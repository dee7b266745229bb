using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Another message that a message names: it answers, edits or deletes it, or reacts to it.</summary>
/// <param name="Words">How it refers to it: <c>In reply to</c>.</param>
/// <param name="Target">The other message, as the hash of its WhatsApp id.</param>
/// <param name="IsQuote">Whether the reader wants to see the other message first.</param>
internal sealed record MessageReference(string Words, ulong Target, bool IsQuote)
{
    /// <summary>Null if the message names no other.</summary>
    public static MessageReference? Of(ChatMessage message)
    {
        if (message.Type == "reaction")
            return Reaction.Of(message.TypeData, message.IsOutbound, "") is { } reaction
                ? new(reaction.Emoji.Length > 0 ? "Reaction to" : "Removed the reaction to", reaction.Target, IsQuote: false)
                : null;
        if (message.Type is "edit" or "revoke")
        {
            JsonElement data = ChatMessage.DataOf(ChatMessage.ObjectOf(message.TypeData), message.Type);
            return (data.Text("original_message_id") ?? data.Text("message_id")) is { Length: > 0 } original
                ? new(message.Type == "edit" ? "Edit of" : "Deletion of", NameOf(original), IsQuote: true)
                : null;
        }

        foreach (string? json in (string?[])[message.TypeData, message.Metadata])
        {
            if (json is null || !json.Contains("context", StringComparison.Ordinal))
                continue;
            JsonElement context = ChatMessage.ObjectOf(json).Member("context");
            if ((context.Text("id") ?? context.Text("message_id")) is { Length: > 0 } id)
                return new("In reply to", NameOf(id), IsQuote: true);
        }

        return null;
    }

    /// <summary>The hash of a WhatsApp id.</summary>
    public static ulong NameOf(string id) => MessagePlace.NameOf(Encoding.UTF8.GetBytes(id));
}
