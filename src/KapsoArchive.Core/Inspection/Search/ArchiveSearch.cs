using System.Text.Encodings.Web;
using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Storage.Folders;

namespace KapsoArchive.Core.Inspection.Search;

/// <summary>Finds conversations by what people know of them, and messages by their text.</summary>
/// <inheritdoc cref="MessageSearch"/>
public sealed class ArchiveSearch(IStore store, FileCache? cache)
{
    /// <param name="query">The text; its other conditions apply to messages alone.</param>
    /// <param name="area">Where to look; null for both.</param>
    /// <param name="limit">How many conversations and how many messages to return at most.</param>
    /// <inheritdoc cref="MessageSearch.FindAsync"/>
    public async Task<SearchAnswer> FindAsync(MessageQuery query, SearchArea? area, int limit, CancellationToken cancellationToken)
    {
        ConversationDirectory directory = await ConversationDirectory.OpenAsync(store, cancellationToken);
        ConversationList? conversations = area == SearchArea.Messages ? null
            : directory.List(query.Text, outcome: null, ConversationOrder.Last, limit);
        MessageMatches? messages = area == SearchArea.Conversations ? null
            : await new MessageSearch(store, cache).FindAsync(query, limit, cancellationToken);
        return new SearchAnswer(conversations, messages is null ? null : messages with
        {
            Messages = [.. messages.Messages.Select(m => m with { With = directory.Find(m.ConversationId)?.Title })],
        });
    }
}

/// <summary>Where to look.</summary>
public enum SearchArea
{
    Conversations,
    Messages,
}

/// <summary>What was found.</summary>
/// <param name="Conversations">Null if nobody looked for conversations.</param>
/// <param name="Messages">Null if nobody looked for messages.</param>
public sealed record SearchAnswer(ConversationList? Conversations, MessageMatches? Messages)
{
    private static readonly SearchJson Context = new(new JsonSerializerOptions(SearchJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A number begins with "+", not with "\u002B".
    });

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Context.SearchAnswer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SearchAnswer))]
internal sealed partial class SearchJson : JsonSerializerContext;
