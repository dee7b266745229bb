using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.Core.Kapso;

/// <summary>What the source's list of conversations says of one.</summary>
/// <param name="LastActiveAt">Null where absent or unreadable.</param>
public sealed record ConversationSummary(string Id, string? PhoneNumber, string? ContactName, string? Status, DateTimeOffset? LastActiveAt)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = PageParser.MaxDepth };

    /// <summary>Null where the record is no object with an id.</summary>
    /// <param name="record">One complete JSON value; of a name that stands in it twice the last counts.</param>
    public static ConversationSummary? FromRecord(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;

        (string? id, string? phoneNumber, string? contactName, string? status) = (null, null, null, null);
        DateTimeOffset? lastActiveAt = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (PageParser.IsNamed(ref reader, "id"u8))
                id = Text(ref reader);
            else if (PageParser.IsNamed(ref reader, "phone_number"u8))
                phoneNumber = Text(ref reader);
            else if (PageParser.IsNamed(ref reader, "contact_name"u8))
                contactName = Text(ref reader);
            else if (PageParser.IsNamed(ref reader, "status"u8))
                status = StatusText(ref reader);
            else if (PageParser.IsNamed(ref reader, "last_active_at"u8))
                lastActiveAt = Time(ref reader);
            else
                reader.Skip();
        }

        return id is { Length: > 0 } ? new ConversationSummary(id, phoneNumber, contactName, status, lastActiveAt) : null;
    }

    /// <summary>Goes to the value. Null where it is neither text nor a number.</summary>
    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return TextHere(ref reader);
    }

    /// <summary>The two that there are need not be made anew for each conversation.</summary>
    private static string? StatusText(ref Utf8JsonReader reader)
    {
        reader.Read();
        bool isText = reader.TokenType == JsonTokenType.String;
        if (isText && PageParser.IsNamed(ref reader, "active"u8))
            return "active";
        return isText && PageParser.IsNamed(ref reader, "ended"u8) ? "ended" : TextHere(ref reader);
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan is [.., (byte)'Z'] && reader.TryGetDateTimeOffset(out DateTimeOffset time))
            return time;
        bool known = DateTimeOffset.TryParse(TextHere(ref reader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        return known ? time : null;
    }

    private static string? TextHere(ref Utf8JsonReader reader)
    {
        try
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    return reader.GetString();
                case JsonTokenType.Number:
                    return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                default:
                    reader.Skip();
                    return null;
            }
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair: no text.
        }
    }
}
