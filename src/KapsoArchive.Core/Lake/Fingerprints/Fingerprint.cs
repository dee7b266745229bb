namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Eight bytes that identify a version of a message: the XxHash3 of its columns' values. It is the same for the source's record, a
/// Parquet row and a line of JSONL.</summary>
/// <remarks>
/// <para> It excludes what an API may renew without a change of substance: the signature and expiry of every link, in any column
/// (<see cref="StableLinks"/>). The rest of a link counts. So an added or removed link is a change, and so is another picture under a new
/// link. </para> <para> Null and absent members are equal, as in the columns. JSON members (<c>metadata</c>, <c>message_type_data</c>,
/// <c>extra</c>) count as sent, except for links and for raw line breaks, which a line of JSONL cannot keep. A different order of members
/// is a different version. </para> <para> Version 1 excluded only <c>media_url</c> and the same link in <c>content</c>. It stays unchanged,
/// because archives were written with it. The index states its version. A message without a link has the same fingerprint in both. </para>
/// </remarks>
public static class Fingerprint
{
    public const int CurrentVersion = 2;

    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _stable;

    public static ulong Of(MessageRow row, int version = CurrentVersion)
    {
        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        Add(buffer, row.CreatedAt);
        Add(buffer, row.UpdatedAt);
        Add(buffer, row.Direction.HasValue, row.Direction.Span);
        Add(buffer, row.Status.HasValue, row.Status.Span);
        Add(buffer, row.ProcessingStatus.HasValue, row.ProcessingStatus.Span);
        Add(buffer, row.MessageType.HasValue, row.MessageType.Span);
        Add(buffer, row.PhoneNumber.HasValue, row.PhoneNumber.Span);
        Add(buffer, row.WhatsappMessageId.HasValue, row.WhatsappMessageId.Span);
        if (version == 1)
            AddFirstVersion(buffer, row);
        else
            AddStable(buffer, row);
        return XxHash3.HashToUInt64(buffer.WrittenSpan);
    }

    private static void AddStable(ArrayBufferWriter<byte> buffer, MessageRow row)
    {
        bool mayHaveLink = MayHaveLink(row.Record);
        AddStable(buffer, row.Content, mayHaveLink);
        AddJson(AddStable(buffer, row.Metadata, mayHaveLink));
        AddJson(AddStable(buffer, row.MessageTypeData, mayHaveLink));
        AddJson(AddStable(buffer, row.Extra, mayHaveLink));
        if (row.MediaUrl.HasValue)
            AddStable(buffer, row.MediaUrl, mayHaveLink); // Last, so that most messages keep the fingerprint of version 1.
    }

    /// <summary>One search of the record saves most messages a search of each column. A link in it may be plain or escaped.</summary>
    private static bool MayHaveLink(Utf8Text record) =>
        !record.HasValue || record.Span.IndexOf("://"u8) >= 0 || record.Span.Contains((byte)'\\');

    private static void AddFirstVersion(ArrayBufferWriter<byte> buffer, MessageRow row)
    {
        AddWithoutLink(buffer, row.Content, row.MediaUrl);
        AddJson(Add(buffer, row.Metadata.HasValue, row.Metadata.Span));
        AddJson(Add(buffer, row.MessageTypeData.HasValue, row.MessageTypeData.Span));
        AddJson(Add(buffer, row.Extra.HasValue, row.Extra.Span));
    }

    private static void Add(ArrayBufferWriter<byte> buffer, long? value)
    {
        Span<byte> bytes = buffer.GetSpan(9);
        bytes[0] = value is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], value ?? 0);
        buffer.Advance(9);
    }

    /// <summary>Starts with the length, so that adjacent texts cannot be confused.</summary>
    private static Span<byte> Add(ArrayBufferWriter<byte> buffer, bool hasValue, ReadOnlySpan<byte> value)
    {
        Span<byte> bytes = buffer.GetSpan(4 + value.Length)[..(4 + value.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, hasValue ? value.Length : -1);
        value.CopyTo(bytes[4..]);
        buffer.Advance(bytes.Length);
        return bytes[4..];
    }

    private static void AddJson(Span<byte> json) => json.ReplaceAny(LineBreaks, (byte)' ');

    private static Span<byte> AddStable(ArrayBufferWriter<byte> buffer, Utf8Text text, bool mayHaveLink)
    {
        int first = mayHaveLink ? StableLinks.IndexOfFirst(text.Span) : -1;
        if (first < 0)
            return Add(buffer, text.HasValue, text.Span);
        ArrayBufferWriter<byte> stable = _stable ??= new ArrayBufferWriter<byte>(4096);
        stable.ResetWrittenCount();
        StableLinks.Write(text.Span, first, stable);
        return Add(buffer, hasValue: true, stable.WrittenSpan);
    }

    private static void AddWithoutLink(ArrayBufferWriter<byte> buffer, Utf8Text text, Utf8Text link)
    {
        if (link.Span.IsEmpty)
        {
            Add(buffer, text.HasValue, text.Span);
            return;
        }

        byte[] rest = text.Span.ToArray();
        int length = rest.Length;
        for (int at = rest.AsSpan(0, length).IndexOf(link.Span); at >= 0; at = rest.AsSpan(0, length).IndexOf(link.Span))
        {
            rest.AsSpan((at + link.Span.Length)..length).CopyTo(rest.AsSpan(at));
            length -= link.Span.Length;
        }

        Add(buffer, text.HasValue, rest.AsSpan(0, text.HasValue ? length : 0));
    }
}
