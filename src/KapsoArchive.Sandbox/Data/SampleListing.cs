namespace KapsoArchive.Sandbox.Data;

/// <summary>The sample records as a conversation, oldest first.</summary>
internal sealed class SampleListing : IListing
{
    private readonly ReadOnlyMemory<byte>[] _records = [.. SandboxSamples.Records.OrderBy(CreatedAt)];

    public static SampleListing Instance { get; } = new();

    public long Count => _records.Length;

    public SandboxConversation Conversation(Guid id) => new(
        id.ToString(),
        "+5215550001122",
        "Sample Records",
        "active",
        Milliseconds(CreatedAt(_records[^1])),
        Count);

    public void WriteRecord(long position, Utf8Buffer json) => json.Append(_records[position].Span);

    private static DateTimeOffset CreatedAt(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record);
        return document.RootElement.GetProperty("created_at"u8).GetDateTimeOffset().ToUniversalTime();
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) =>
        new(time.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond, time.Offset);
}
