namespace KapsoArchive.Core.Kapso;

/// <summary>Parses a response body into the bytes of each record and the meta object.</summary>
internal static class PageParser
{
    /// <summary>A deeply nested record must not prevent reading the others on its page. The reader needs one bit per level and does not
    /// recurse.</summary>
    internal static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = int.MaxValue };

    /// <summary>Maximum records of a page: a hundred times what is requested. Each record takes memory, however small it is.</summary>
    public const int MaxRecords = 100 * KapsoClient.MaxPerPage;

    /// <param name="body">The page keeps a reference to it.</param>
    /// <param name="maxRecordMegabytes">Maximum size of a record; see <see cref="KapsoOptions.MaxRecordMegabytes"/>.</param>
    /// <exception cref="UnexpectedAnswerException">The body is not a page.</exception>
    /// <exception cref="PageTooLargeException">A record is too large, or the page has too many.</exception>
    public static Page Parse(ReadOnlyMemory<byte> body, int maxRecordMegabytes = 1024)
    {
        try
        {
            return ParseObject(body, maxRecordMegabytes);
        }
        catch (JsonException e)
        {
            // The exception's own message may quote the body. The position is enough to find the cause.
            throw new UnexpectedAnswerException(
                $"The answer is not the JSON expected: cut off or malformed (near byte {e.BytePositionInLine} of line {e.LineNumber}).");
        }
    }

    private static Page ParseObject(ReadOnlyMemory<byte> body, int maxRecordMegabytes)
    {
        var reader = new Utf8JsonReader(body.Span, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new UnexpectedAnswerException("The answer is JSON, but not an object.");

        List<ReadOnlyMemory<byte>>? records = null;
        PageMeta meta = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isData = IsNamed(ref reader, "data"u8);
            bool isMeta = IsNamed(ref reader, "meta"u8);
            reader.Read();
            if (isData && reader.TokenType == JsonTokenType.StartArray)
                records = ReadRecords(body, maxRecordMegabytes, ref reader);
            else if (isMeta && reader.TokenType == JsonTokenType.StartObject)
                meta = ReadMeta(ref reader);
            else
                reader.Skip();
        }

        // Reads to the end, so that trailing data is an error too.
        while (reader.Read())
        {
        }

        return new Page(records ?? throw new UnexpectedAnswerException("The answer has no \"data\" array."), meta);
    }

    private static List<ReadOnlyMemory<byte>> ReadRecords(ReadOnlyMemory<byte> body, int maxRecordMegabytes, ref Utf8JsonReader reader)
    {
        List<ReadOnlyMemory<byte>> records = new(100);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            ReadOnlyMemory<byte> record = body[start..(int)reader.BytesConsumed];
            if (record.Length > (long)maxRecordMegabytes << 20)
                throw new PageTooLargeException($"A record is larger than {maxRecordMegabytes} MB (Kapso:MaxRecordMegabytes).");
            if (records.Count == MaxRecords)
                throw new PageTooLargeException($"A page has more than {MaxRecords} records.");
            records.Add(record);
        }

        return records;
    }

    private static PageMeta ReadMeta(ref Utf8JsonReader reader)
    {
        PageMeta meta = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsNamed(ref reader, "page"u8))
                meta = meta with { Page = ReadCount(ref reader) ?? meta.Page };
            else if (IsNamed(ref reader, "per_page"u8) || IsNamed(ref reader, "perPage"u8))
                meta = meta with { PerPage = ReadCount(ref reader) ?? meta.PerPage };
            else if (IsNamed(ref reader, "total_pages"u8) || IsNamed(ref reader, "totalPages"u8))
                meta = meta with { TotalPages = ReadCount(ref reader) ?? meta.TotalPages };
            else if (IsNamed(ref reader, "total_count"u8) || IsNamed(ref reader, "totalCount"u8))
                meta = meta with { TotalCount = ReadCount(ref reader) ?? meta.TotalCount };
            else
                reader.Skip();
        }

        return meta;
    }

    /// <summary>Whether the current name or text equals this one.</summary>
    internal static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false; // Unpaired surrogate: matches no name.
        }
    }

    /// <summary>Reads a whole number, also as text or with zero decimals. Null if it is anything else, negative, or larger than any
    /// listing.</summary>
    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        decimal number = -1;
        bool isNumber = reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            && decimal.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite
                | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
        reader.Skip();
        return isNumber && number is >= 0 and <= int.MaxValue && decimal.IsInteger(number) ? (long)number : null;
    }
}
