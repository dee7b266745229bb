using System.Text.Encodings.Web;

namespace KapsoArchive.Core.Inspection.Conversations;

/// <summary>Conversations of the archive.</summary>
/// <param name="Snapshot">The run whose state it shows.</param>
/// <param name="Total">How many match; the list may have fewer.</param>
public sealed record ConversationList(string Snapshot, int Total, IReadOnlyList<ArchivedConversation> Conversations)
{
    private static readonly ConversationListJson Context = new(new JsonSerializerOptions(ConversationListJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A number begins with "+", not with "\u002B".
    });

    /// <summary>Whether more of them follow.</summary>
    [JsonIgnore]
    public bool HasMore { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Context.ConversationList);
}

/// <summary>The order of a list of conversations.</summary>
public enum ConversationOrder
{
    /// <summary>The newest message first.</summary>
    Last,

    /// <summary>By name, then by number.</summary>
    Name,

    /// <summary>The most messages first.</summary>
    Messages,
}

/// <summary>How much an archive has.</summary>
/// <param name="NotComplete">Number of conversations that their last reading left incomplete.</param>
/// <param name="Bytes">Size of its visible files, without exports.</param>
public sealed record ArchiveTotals(int Conversations, long Messages, int NotComplete, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ConversationList))]
internal sealed partial class ConversationListJson : JsonSerializerContext;
