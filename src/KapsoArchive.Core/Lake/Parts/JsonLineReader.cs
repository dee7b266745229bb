using System.Buffers.Text;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Parses lines of the messages_jsonl dataset into the record that the source sent, even if the line has its repaired text, and
/// the member <c>_archive</c> that <see cref="JsonLine"/> appended.</summary>
internal sealed class JsonLineReader
{
    private byte[] _beforePosition = [];
    private byte[] _afterPosition = [];
    private Utf8Text _conversationId;
    private RunStamp? _run;
    private Change _change;
    private byte[]? _record;
    private RecordFlattener? _flattener;

    /// <summary>The start of our member. In lines of earlier versions the record may have a member of that name too, so the last one
    /// counts. Within a string the quotes would be escaped.</summary>
    private static ReadOnlySpan<byte> Marker => ",\"_archive\":{"u8;

    /// <summary>The start of the position. Lines of schema versions 1 and 2 lack it.</summary>
    private static ReadOnlySpan<byte> PositionName => ",\"position\":"u8;

    /// <exception cref="InvalidDataException">The line does not come from this program.</exception>
    /// <exception cref="JsonException">The line is not JSON either.</exception>
    public MessageRow Read(ReadOnlySpan<byte> line)
    {
        int at = line.LastIndexOf(Marker);
        if (at < 0)
            throw new InvalidDataException("A line has no member _archive.");

        // Usually only the position changes between lines, because rows are sorted by conversation.
        ReadOnlySpan<byte> archive = line[(at + Marker.Length - 1)..];
        long? position = TakePosition(archive, out ReadOnlySpan<byte> before, out ReadOnlySpan<byte> after);
        if (!before.SequenceEqual(_beforePosition) || !after.SequenceEqual(_afterPosition))
        {
            ReadArchive(archive);
            (_beforePosition, _afterPosition) = (before.ToArray(), after.ToArray());
        }

        byte[] record = _record ?? [.. line[..at], (byte)'}'];
        MessageRow row = _flattener!.Flatten(record, out string? rejection)
            ?? throw new InvalidDataException($"A line's record is not a message: {rejection}.");
        if (_change == Change.Removed)
            return MessageRow.Removed(_conversationId, row.Id, _run!);
        (row.Change, row.Position) = (_change, position);
        return row;
    }

    /// <summary>The position, and the text around it. Within a string the quotes of its name would be escaped.</summary>
    private static long? TakePosition(ReadOnlySpan<byte> archive, out ReadOnlySpan<byte> before, out ReadOnlySpan<byte> after)
    {
        int at = archive.IndexOf(PositionName);
        before = at < 0 ? archive : archive[..at];
        after = at < 0 ? default : archive[(at + PositionName.Length)..];
        if (at < 0)
            return null;
        long? position = null;
        int length = "null"u8.Length;
        if (!after.StartsWith("null"u8))
        {
            position = Utf8Parser.TryParse(after, out long number, out length) && after[length..] is [(byte)',' or (byte)'}', ..]
                ? number
                : throw new InvalidDataException("A line's position is not a whole number.");
        }

        after = after[length..];
        return position;
    }

    /// <param name="archive">The value of the member <c>_archive</c> and the line's closing brace.</param>
    private void ReadArchive(ReadOnlySpan<byte> archive)
    {
        Utf8Text conversationId = default;
        Utf8Text runId = default;
        long? archivedAt = null;
        Change? change = null;
        byte[]? record = null;
        var reader = new Utf8JsonReader(archive[..^1]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Utf8Text name = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            Utf8Text value = Text(ref reader);
            switch (name.ToString())
            {
                case "conversation_id":
                    conversationId = value;
                    break;
                case "run_id":
                    runId = value;
                    break;
                case "archived_at" when Timestamp.TryParse(value.Span, out long micros):
                    archivedAt = micros;
                    break;
                case "change":
                    change = Datasets.ToChange(value.Span);
                    break;
                case "record_base64":
                    record = reader.TryGetBytesFromBase64(out byte[]? bytes)
                        ? bytes
                        : throw new InvalidDataException("A line's record_base64 is not Base64.");
                    break;
            }
        }

        if (!conversationId.HasValue || !runId.HasValue || archivedAt is null || change is null)
            throw new InvalidDataException("A line's member _archive is incomplete.");
        _conversationId = conversationId;
        _run = RunStamp.Of(_run, runId, archivedAt.Value);
        _change = change.Value;
        _record = record;
        _flattener = new RecordFlattener(conversationId, _run);
    }

    private static Utf8Text Text(ref Utf8JsonReader reader) =>
        Utf8Text.From(reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan, out _) : reader.ValueSpan.ToArray());
}
