using KapsoArchive.Core.Lake.Parts;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Search;

/// <summary>The columns of a batch that a search reads.</summary>
internal sealed class SearchColumns
{
    private readonly Dictionary<string, Utf8Text[]> _texts = [];
    private readonly long[] _times;

    private SearchColumns(long[] times) => _times = times;

    public static async Task<SearchColumns> ReadAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        var columns = new SearchColumns(await batch.TimesAsync(cancellationToken));
        foreach (string name in (string[])["direction", "message_type", "content", "media_url", "message_type_data", "metadata", "extra"])
            columns._texts[name] = await batch.TextAsync(name, cancellationToken);
        return columns;
    }

    /// <summary>Whether the row's stored bytes may match.</summary>
    public bool MayMatch(int row, MessageQuery query, TextFilter filter) =>
        (query.Type is null || _texts["message_type"][row].ToString() == query.Type)
        && (query.Direction is null || _texts["direction"][row].ToString() == query.Direction)
        && query.Range.Holds(_times[row] == long.MinValue ? null : _times[row])
        && (filter.MayBeIn(_texts["content"][row].Span) || filter.MayBeIn(_texts["message_type_data"][row].Span)
            || filter.MayBeIn(_texts["metadata"][row].Span) || filter.MayBeIn(_texts["extra"][row].Span)
            || filter.MayBeInLink(_texts["media_url"][row].Span));

    public ChatMessage Message(int row, Utf8Text id) => new()
    {
        Id = id.ToString()!,
        CreatedAt = _times[row] == long.MinValue ? null : Timestamp.FromMicros(_times[row]),
        Direction = _texts["direction"][row].ToString(),
        Type = _texts["message_type"][row].ToString() ?? "",
        Content = _texts["content"][row].ToString(),
        MediaName = ChatMessage.NameOf(_texts["media_url"][row].ToString()),
        TypeData = _texts["message_type_data"][row].ToString(),
        Metadata = _texts["metadata"][row].ToString(),
        Extra = _texts["extra"][row].ToString(),
    };
}
