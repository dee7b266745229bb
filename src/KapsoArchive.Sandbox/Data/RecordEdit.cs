namespace KapsoArchive.Sandbox.Data;

/// <summary>Creates a new version of a record: replaces some members and keeps every other byte.</summary>
internal static class RecordEdit
{
    public static byte[] WithStatus(ReadOnlyMemory<byte> record, string status, DateTimeOffset updatedAt)
    {
        using var time = new Utf8Buffer(32);
        time.Append((byte)'"');
        time.Append(updatedAt.UtcDateTime, 6);
        time.Append((byte)'"');
        byte[] withStatus = With(record.Span, "status"u8, JsonSerializer.SerializeToUtf8Bytes(status));
        return With(withStatus, "updated_at"u8, time.Written.Span);
    }

    public static byte[] WithLink(ReadOnlyMemory<byte> record, Uri? link) =>
        With(record.Span, "media_url"u8, JsonSerializer.SerializeToUtf8Bytes(link?.AbsoluteUri));

    private static byte[] With(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(record);
        reader.Read();
        bool empty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            bool found = reader.ValueTextEquals(name);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found) return [.. record[..start], .. value, .. record[(int)reader.BytesConsumed..]];
        }
        int end = (int)reader.TokenStartIndex;
        return [.. record[..end], .. empty ? "\""u8 : ",\""u8, .. name, .. "\":"u8, .. value, .. record[end..]];
    }
}
