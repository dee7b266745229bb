using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace KapsoArchive.Core.Lake;

/// <summary>
/// Eight bytes that tell one version of a message from another: the XxHash3 of what its columns hold, so that it is the same from the source's record, from a Parquet row and from a line
/// of JSONL.
/// </summary>
/// <remarks>
/// <para>
/// Left out is what an API may give anew without a change of substance: <c>media_url</c>, a signed link whose signature ages, and that same link wherever it stands in
/// <c>content</c>. A message whose picture is replaced by another under a new link, with every other field as it was, is therefore not seen as changed.
/// </para>
/// <para>
/// Null and absent members are the same, as they are in the columns. JSON members (<c>metadata</c>, <c>message_type_data</c>, <c>extra</c>) count as they were sent, but for raw line
/// breaks, which a line of JSONL cannot keep: another order of members is another version.
/// </para>
/// </remarks>
public static class Fingerprint
{
    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public static ulong Of(MessageRow row)
    {
        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        Add(buffer, row.CreatedAt);
        Add(buffer, row.UpdatedAt);
        Add(buffer, row.Direction);
        Add(buffer, row.Status);
        Add(buffer, row.ProcessingStatus);
        Add(buffer, row.MessageType);
        Add(buffer, row.PhoneNumber);
        Add(buffer, row.WhatsappMessageId);
        AddWithoutLink(buffer, row.Content, row.MediaUrl);
        AddJson(buffer, row.Metadata);
        AddJson(buffer, row.MessageTypeData);
        AddJson(buffer, row.Extra);
        return XxHash3.HashToUInt64(buffer.WrittenSpan);
    }

    private static void Add(ArrayBufferWriter<byte> buffer, long? value)
    {
        Span<byte> bytes = buffer.GetSpan(9);
        bytes[0] = value is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], value ?? 0);
        buffer.Advance(9);
    }

    /// <summary>The length goes first, so that no text can run over into the next.</summary>
    private static Span<byte> Add(ArrayBufferWriter<byte> buffer, Utf8Text text)
    {
        ReadOnlySpan<byte> value = text.Span;
        Span<byte> bytes = buffer.GetSpan(4 + value.Length)[..(4 + value.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, text.HasValue ? value.Length : -1);
        value.CopyTo(bytes[4..]);
        buffer.Advance(bytes.Length);
        return bytes[4..];
    }

    private static void AddJson(ArrayBufferWriter<byte> buffer, Utf8Text json) => Add(buffer, json).ReplaceAny(LineBreaks, (byte)' ');

    private static void AddWithoutLink(ArrayBufferWriter<byte> buffer, Utf8Text text, Utf8Text link)
    {
        if (link.Span.IsEmpty)
        {
            Add(buffer, text);
            return;
        }

        byte[] rest = text.Span.ToArray();
        int length = rest.Length;
        for (int at = rest.AsSpan(0, length).IndexOf(link.Span); at >= 0; at = rest.AsSpan(0, length).IndexOf(link.Span))
        {
            rest.AsSpan((at + link.Span.Length)..length).CopyTo(rest.AsSpan(at));
            length -= link.Span.Length;
        }

        Add(buffer, text.HasValue ? new Utf8Text(rest, 0, length) : default);
    }
}
