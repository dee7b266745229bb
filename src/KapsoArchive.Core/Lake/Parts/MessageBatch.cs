using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Some messages of a part, in stored order: a row group of Parquet, of which a column is read when it is asked for, or some
/// thousand lines of JSONL, which are in memory.</summary>
internal sealed class MessageBatch
{
    private static readonly (string Column, Action<MessageRow, Utf8Text> Set)[] Texts =
    [
        ("id", static (r, v) => r.Id = v),
        ("direction", static (r, v) => r.Direction = v),
        ("status", static (r, v) => r.Status = v),
        ("processing_status", static (r, v) => r.ProcessingStatus = v),
        ("message_type", static (r, v) => r.MessageType = v),
        ("phone_number", static (r, v) => r.PhoneNumber = v),
        ("whatsapp_message_id", static (r, v) => r.WhatsappMessageId = v),
        ("content", static (r, v) => r.Content = v),
        ("media_url", static (r, v) => r.MediaUrl = v),
        ("metadata", static (r, v) => r.Metadata = v),
        ("message_type_data", static (r, v) => r.MessageTypeData = v),
        ("extra", static (r, v) => r.Extra = v),
        ("change", static (r, v) => r.Change = Datasets.ToChange(v.Span)),
    ];

    private readonly ParquetFileReader<MessageRow>? _file;
    private readonly IReadOnlyList<MessageRow> _lines = [];

    /// <summary>A row group of a Parquet part.</summary>
    public MessageBatch(ParquetFileReader<MessageRow> file, int number) => (_file, Number) = (file, number);

    /// <summary>Lines of a JSONL part.</summary>
    public MessageBatch(IReadOnlyList<MessageRow> lines, int number) => (_lines, Number) = (lines, number);

    /// <summary>Its number in the part; the first is 0.</summary>
    public int Number { get; }

    public bool IsInMemory => _file is null;

    public int Count => _file?.RowCount(Number) ?? _lines.Count;

    /// <summary>The average size in memory of a message in a row group.</summary>
    public long BytesPerRow => _file is null ? 0 : _file.ByteCount(Number) / Math.Max(1, Count);

    /// <summary>Whether the batch may contain messages of the conversation, by the bounds in the file's footer.</summary>
    public bool MayHold(Utf8Text conversation) => _file?.MayHold(Number, "conversation_id", conversation.Span) ?? true;

    /// <summary>Reads all columns. If a record's text was repaired, its row has the original bytes and JSON.</summary>
    public async Task<IReadOnlyList<MessageRow>> RowsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageRow> rows = await StoredRowsAsync(cancellationToken);
        foreach (MessageRow row in _file is null ? [] : rows)
            StrictRows.Restore(row);
        return rows;
    }

    /// <summary>Reads all columns. Repaired JSON stays repaired in a row group.</summary>
    public async Task<IReadOnlyList<MessageRow>> StoredRowsAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
            return _lines;
        RunStamp[] runs = await _file.ReadRunsAsync(Number, cancellationToken);
        var rows = new MessageRow[runs.Length];
        await _file.ReadTextAsync(Number, "conversation_id",
            (i, v) => rows[i] = new MessageRow { Record = default, ConversationId = v, Run = runs[i] }, cancellationToken);
        foreach ((string column, Action<MessageRow, Utf8Text> set) in Texts)
            await _file.ReadTextAsync(Number, column, (i, v) => set(rows[i], v), cancellationToken);
        await _file.ReadLongsAsync(Number, "created_at", (i, v) => rows[i].CreatedAt = v, cancellationToken);
        await _file.ReadLongsAsync(Number, "updated_at", (i, v) => rows[i].UpdatedAt = v, cancellationToken);
        if (_file.Has("position"))
            await _file.ReadLongsAsync(Number, "position", (i, v) => rows[i].Position = v, cancellationToken);
        return rows;
    }

    /// <summary>Reads one text column.</summary>
    public async Task<Utf8Text[]> TextAsync(string column, CancellationToken cancellationToken)
    {
        if (_file is null)
            return [.. _lines.Select(Datasets.Messages.Columns.OfType<TextColumn<MessageRow>>().First(c => c.Name == column).Value)];
        var values = new Utf8Text[Count];
        await _file.ReadTextAsync(Number, column, (i, v) => values[i] = v, cancellationToken);
        return values;
    }

    /// <summary>Reads <c>created_at</c> in microseconds since 1970-01-01 UTC; the minimum value if absent.</summary>
    public Task<long[]> TimesAsync(CancellationToken cancellationToken) =>
        LongsAsync("created_at", static r => r.CreatedAt, cancellationToken);

    /// <summary>Reads the positions; the minimum value if absent.</summary>
    public Task<long[]> PositionsAsync(CancellationToken cancellationToken) =>
        LongsAsync("position", static r => r.Position, cancellationToken);

    /// <summary>Reads when each row was archived, in microseconds since 1970-01-01 UTC.</summary>
    public Task<long[]> ArchivedTimesAsync(CancellationToken cancellationToken) =>
        LongsAsync("archived_at", static r => r.Run.ArchivedAtMicros, cancellationToken);

    /// <summary>Reads the places of the messages, in row order.</summary>
    /// <param name="number">The batch's number across all parts.</param>
    public async Task<MessagePlace[]> PlacesAsync(int number, CancellationToken cancellationToken)
    {
        long[] times = await TimesAsync(cancellationToken);
        long[] positions = await PositionsAsync(cancellationToken);
        Utf8Text[] ids = await TextAsync("whatsapp_message_id", cancellationToken);
        return [.. times.Select((time, row) => new MessagePlace(time, positions[row], number, row, MessagePlace.NameOf(ids[row].Span)))];
    }

    private async Task<long[]> LongsAsync(string column, Func<MessageRow, long?> value, CancellationToken cancellationToken)
    {
        if (_file is null)
            return [.. _lines.Select(r => value(r) ?? long.MinValue)];
        long[] values = new long[Count];
        Array.Fill(values, long.MinValue);
        if (_file.Has(column))
            await _file.ReadLongsAsync(Number, column, (i, v) => values[i] = v, cancellationToken);
        return values;
    }
}
