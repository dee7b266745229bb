namespace KapsoArchive.Core.Kapso;

/// <summary>One entry of the source's list of conversations.</summary>
/// <param name="LastActiveAt">Null if absent or unreadable.</param>
public sealed record ConversationSummary(string Id, string? PhoneNumber, string? ContactName, string? Status, DateTimeOffset? LastActiveAt)
{
    /// <summary>The contact's id within the business; null if absent.</summary>
    public string? BusinessScopedUserId { get; init; }

    /// <inheritdoc cref="BusinessScopedUserId"/>
    public string? Username { get; init; }

    /// <summary>A JSON object with the members that have no property here or whose value the property cannot hold, each name once; null if
    /// empty.</summary>
    public string? Extra { get; init; }

    /// <summary>The id is part of every request's address. The source's own ids have 36 characters.</summary>
    private const int MaxIdLength = 1_000;

    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFF K", "yyyy-MM-dd HH:mm:ss 'UTC'",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd",
    ];

    /// <summary>Parses one record. Returns null unless it is an object with an id of 1 to 1,000 characters.</summary>
    /// <param name="record">One complete JSON value. If a name occurs twice, the last value counts.</param>
    public static ConversationSummary? FromRecord(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record, PageParser.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;

        (string? id, string? phoneNumber, string? contactName, string? status, string? userId, string? username) =
            (null, null, null, null, null, null);
        SummaryExtra extra = new(record);
        DateTimeOffset? lastActiveAt = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            extra.Begin(ref reader);
            bool fits = true;
            if (PageParser.IsNamed(ref reader, "id"u8))
                id = Text(ref reader, out fits);
            else if (PageParser.IsNamed(ref reader, "phone_number"u8))
                phoneNumber = Text(ref reader, out fits);
            else if (PageParser.IsNamed(ref reader, "contact_name"u8))
                contactName = Text(ref reader, out fits);
            else if (PageParser.IsNamed(ref reader, "business_scoped_user_id"u8))
                userId = Text(ref reader, out fits);
            else if (PageParser.IsNamed(ref reader, "username"u8))
                username = Text(ref reader, out fits);
            else if (PageParser.IsNamed(ref reader, "status"u8))
                status = StatusText(ref reader, out fits);
            else if (PageParser.IsNamed(ref reader, "last_active_at"u8))
                lastActiveAt = Time(ref reader, out fits);
            else
                fits = false;
            reader.Skip();
            extra.End(ref reader, fits);
        }

        return id is { Length: > 0 and <= MaxIdLength }
            ? new ConversationSummary(id, phoneNumber, contactName, status, lastActiveAt)
            {
                BusinessScopedUserId = userId,
                Username = username,
                Extra = extra.ToJson(),
            }
            : null;
    }

    /// <summary>Advances to the value. Returns null unless it is text or a number.</summary>
    private static string? Text(ref Utf8JsonReader reader, out bool fits)
    {
        reader.Read();
        return TextHere(ref reader, out fits);
    }

    /// <summary>Reuses the strings of the two known statuses instead of allocating one per conversation.</summary>
    private static string? StatusText(ref Utf8JsonReader reader, out bool fits)
    {
        reader.Read();
        bool isText = fits = reader.TokenType == JsonTokenType.String;
        if (isText && PageParser.IsNamed(ref reader, "active"u8))
            return "active";
        return isText && PageParser.IsNamed(ref reader, "ended"u8) ? "ended" : TextHere(ref reader, out fits);
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader reader, out bool fits)
    {
        reader.Read();
        fits = true;
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan is [.., (byte)'Z']
            && reader.TryGetDateTimeOffset(out DateTimeOffset time))
            return time;
        // Only these formats: a parser that guesses reads 12.5 as a day in December of this year.
        bool known = DateTimeOffset.TryParseExact(TextHere(ref reader, out _), Times, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        fits = known || reader.TokenType == JsonTokenType.Null;
        return known ? time : null;
    }

    private static string? TextHere(ref Utf8JsonReader reader, out bool fits)
    {
        fits = true;
        try
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    return reader.GetString();
                case JsonTokenType.Number:
                    return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                default:
                    fits = reader.TokenType == JsonTokenType.Null;
                    return null;
            }
        }
        catch (InvalidOperationException)
        {
            fits = false; // Unpaired surrogate: not text.
            return null;
        }
    }
}
