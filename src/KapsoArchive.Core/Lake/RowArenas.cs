namespace KapsoArchive.Core.Lake;

/// <summary>The memory for the bytes of waiting rows, one area per column, in the order of writing. If the bytes stayed in their records,
/// each pass over a column would miss the cache at every row. As separate arrays, the garbage collector would move each of them
/// twice.</summary>
/// <param name="keepsRecords">Whether to keep the records themselves, as JSONL requires. Parquet and CSV need only the columns.</param>
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

    /// <summary>Copies the record of a row if it is needed, or if its text will be repaired, because the original is then kept.</summary>
    public Utf8Text CopyRecord(MessageRow row) => keepsRecords || row.NeedsRepair ? _record.Copy(row.Record) : default;

    /// <summary>Makes the memory available for the next rows.</summary>
    public void Clear()
    {
        foreach (ByteArena arena in (ReadOnlySpan<ByteArena>)[_record, Id, Direction, Status, ProcessingStatus, MessageType, PhoneNumber,
            WhatsappMessageId, Content, MediaUrl, Metadata, MessageTypeData, Extra])
            arena.Clear();
    }
}
