using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>A reaction to a message: an emoji.</summary>
/// <param name="Target">The message reacted to, as the hash of its WhatsApp id.</param>
/// <param name="Emoji">Empty if the reaction was withdrawn.</param>
internal sealed record Reaction(ulong Target, string Emoji, bool IsOutbound)
{
    /// <summary>Null if the message does not name another.</summary>
    public static Reaction? Of(string? typeData, bool isOutbound)
    {
        JsonElement data = ChatMessage.ObjectOf(typeData);
        if (data.Member("reaction") is { ValueKind: JsonValueKind.Object } inner)
            data = inner;
        return data.Text("message_id") is { Length: > 0 } id ? new Reaction(NameOf(id), data.Text("emoji") ?? "", isOutbound) : null;
    }

    /// <summary>The message that this one replies to, if the data names it.</summary>
    public static ulong ReplyOf(ChatMessage message)
    {
        foreach (string? json in (string?[])[message.TypeData, message.Metadata])
        {
            if (json is null || !json.Contains("context", StringComparison.Ordinal))
                continue;
            JsonElement context = ChatMessage.ObjectOf(json).Member("context");
            if ((context.Text("id") ?? context.Text("message_id")) is { Length: > 0 } id)
                return NameOf(id);
        }

        return 0;
    }

    private static ulong NameOf(string id) => MessagePlace.NameOf(Encoding.UTF8.GetBytes(id));
}
