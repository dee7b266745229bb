namespace KapsoArchive.Core.Lake;

/// <summary>
/// Where the bytes of waiting rows lie: those of each column together, as they are written. Strewn over the records they came from, each
/// pass over a column would wait for memory at every
/// row; as arrays of their own, the collector would move each of them twice before it was written.
/// </summary>
/// <param name="keepsRecords">Whether the records themselves are wanted, as JSONL does; Parquet and CSV have enough in the columns.</param>
internal sealed class RowArenas(bool keepsRecords)
{
    private readonly ByteArena _record = new();

    public ByteArena Id { get; } = new();

    public ByteArena Direction { get; } = new();

    public ByteArena Status { get; } = new();

    public ByteArena ProcessingStatus { get; } = new();

    public ByteArena MessageType { get; } = new();

    public ByteArena PhoneNumber { get; } = new();

    public ByteArena WhatsappMessageId { get; } = new();

    public ByteArena Content { get; } = new();

    public ByteArena MediaUrl { get; } = new();

    public ByteArena Metadata { get; } = new();

    public ByteArena MessageTypeData { get; } = new();

    public ByteArena Extra { get; } = new();

    /// <summary>The record of a row, if it is wanted, or if its text is to be repaired, which keeps the original.</summary>
    public Utf8Text CopyRecord(MessageRow row) => keepsRecords || row.NeedsRepair ? _record.Copy(row.Record) : default;

    /// <summary>Takes the room for the next rows.</summary>
    public void Clear()
    {
        foreach (ByteArena arena in (ReadOnlySpan<ByteArena>)[_record, Id, Direction, Status, ProcessingStatus, MessageType, PhoneNumber, WhatsappMessageId, Content, MediaUrl, Metadata, MessageTypeData, Extra])
            arena.Clear();
    }
}
