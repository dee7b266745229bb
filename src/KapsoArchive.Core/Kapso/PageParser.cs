using System.Text.Json;

namespace KapsoArchive.Core.Kapso;

/// <summary>Takes a response body apart: the bytes of each record, and the meta object.</summary>
internal static class PageParser
{
    /// <summary>Objects and arrays may nest this deep in an answer. A record may nest a little less.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    /// <param name="body">The page keeps it.</param>
    /// <exception cref="UnexpectedAnswerException">The body is no page.</exception>
    public static Page Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ParseObject(body);
        }
        catch (JsonException e)
        {
            // The exception's own message may quote the body; its place is enough to find the cause.
            throw new UnexpectedAnswerException($"The answer is not the JSON expected: cut off, malformed or nested deeper than {MaxDepth} (near byte {e.BytePositionInLine} of line {e.LineNumber}).");
        }
    }

    private static Page ParseObject(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new UnexpectedAnswerException("The answer is JSON, but no object.");

        List<ReadOnlyMemory<byte>>? records = null;
        PageMeta meta = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isData = IsNamed(ref reader, "data"u8);
            bool isMeta = IsNamed(ref reader, "meta"u8);
            reader.Read();
            if (isData && reader.TokenType == JsonTokenType.StartArray)
                records = ReadRecords(body, ref reader);
            else if (isMeta && reader.TokenType == JsonTokenType.StartObject)
                meta = ReadMeta(ref reader);
            else
                reader.Skip();
        }

        // Reads on to the end, so that anything after the object is an error too.
        while (reader.Read())
        {
        }

        return new Page(records ?? throw new UnexpectedAnswerException("The answer has no \"data\" array."), meta);
    }

    private static List<ReadOnlyMemory<byte>> ReadRecords(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader)
    {
        List<ReadOnlyMemory<byte>> records = new(100);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            records.Add(body[start..(int)reader.BytesConsumed]);
        }

        return records;
    }

    private static PageMeta ReadMeta(ref Utf8JsonReader reader)
    {
        PageMeta meta = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsNamed(ref reader, "page"u8))
                meta = meta with { Page = ReadCount(ref reader) };
            else if (IsNamed(ref reader, "per_page"u8))
                meta = meta with { PerPage = ReadCount(ref reader) };
            else if (IsNamed(ref reader, "total_pages"u8))
                meta = meta with { TotalPages = ReadCount(ref reader) };
            else if (IsNamed(ref reader, "total_count"u8))
                meta = meta with { TotalCount = ReadCount(ref reader) };
            else
                reader.Skip();
        }

        return meta;
    }

    /// <summary>Whether the name or text under the reader is this one.</summary>
    internal static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false; // Half a surrogate pair: nobody's name.
        }
    }

    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        long? count = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value) && value >= 0 ? value : null;
        reader.Skip();
        return count;
    }
}
