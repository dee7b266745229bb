using System.Buffers.Text;

namespace KapsoArchive.Core.Lake;

/// <summary>Declares a column of <c>messages</c> for a member of the record that lay only in <c>extra</c> before.</summary>
/// <remarks>The value is copied from <c>extra</c> when a row is written. If a name occurs more than once, the last member counts.</remarks>
internal static class ExtraColumn
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000 };

    /// <summary>A text. Any other value is its JSON text; null and an absent member are null.</summary>
    /// <param name="since">The schema version that introduces the column: one more than the newest.</param>
    /// <param name="member">The name of the member and the column.</param>
    /// <param name="description">For the data dictionary.</param>
    /// <param name="dictionary">Whether few distinct values are expected.</param>
    public static Column<MessageRow> Text(int since, string member, string description, bool dictionary = false)
    {
        byte[] name = Encoding.UTF8.GetBytes(member);
        return Of(since, new TextColumn<MessageRow>(member, false, dictionary, row => ValueOf(row.Extra, name, out _), description));
    }

    /// <summary>A time. Null if it cannot be read as one.</summary>
    /// <inheritdoc cref="Text"/>
    public static Column<MessageRow> Time(int since, string member, string description)
    {
        byte[] name = Encoding.UTF8.GetBytes(member);
        return Of(since, new TimestampColumn<MessageRow>(member, false, row => TimeOf(row.Extra, name), description));
    }

    /// <summary>A whole number of 64 bits. Null if it cannot be read as one.</summary>
    /// <inheritdoc cref="Text"/>
    public static Column<MessageRow> Count(int since, string member, string description)
    {
        byte[] name = Encoding.UTF8.GetBytes(member);
        return Of(since, new CountColumn<MessageRow>(member, false, row => CountOf(row.Extra, name), description));
    }

    private static Column<MessageRow> Of(int since, Column<MessageRow> column) =>
        column with { Since = since, Origin = ColumnOrigin.Extra };

    private static long? TimeOf(Utf8Text extra, byte[] member) =>
        ValueOf(extra, member, out JsonTokenType type) is { HasValue: true } text && type == JsonTokenType.String
            && Timestamp.TryParse(text.Span, out long micros)
            ? micros
            : null;

    private static long? CountOf(Utf8Text extra, byte[] member) =>
        ValueOf(extra, member, out JsonTokenType type) is { HasValue: true } text && type == JsonTokenType.Number
            && Utf8Parser.TryParse(text.Span, out long number, out int length) && length == text.Span.Length
            ? number
            : null;

    /// <param name="extra">A JSON object, repaired or as sent; without a value for none.</param>
    private static Utf8Text ValueOf(Utf8Text extra, byte[] member, out JsonTokenType type)
    {
        Utf8Text value = default;
        type = JsonTokenType.None;
        if (!extra.HasValue || (extra.Span.IndexOf(member) < 0 && !extra.Span.Contains((byte)'\\')))
            return value;
        var reader = new Utf8JsonReader(extra.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMember = Unescape(extra, ref reader).Span.SequenceEqual(member);
            reader.Read();
            (JsonTokenType token, int start) = (reader.TokenType, (int)reader.TokenStartIndex);
            Utf8Text text = isMember && token == JsonTokenType.String ? Unescape(extra, ref reader) : default;
            reader.Skip();
            if (!isMember)
                continue;
            type = token;
            value = token is JsonTokenType.String or JsonTokenType.Null ? text : extra.Slice(start, (int)reader.BytesConsumed - start);
        }

        return value;
    }

    /// <summary>A string or name. Half a surrogate pair becomes U+FFFD, as in the other columns.</summary>
    private static Utf8Text Unescape(Utf8Text json, ref Utf8JsonReader reader) => reader.ValueIsEscaped
        ? Utf8Text.From(JsonText.Unescape(reader.ValueSpan, out _))
        : json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
}
