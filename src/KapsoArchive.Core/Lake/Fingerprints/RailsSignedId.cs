using System.Buffers.Text;

namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Reduces signed ids of Rails, <c>ENCODED--SIGNATURE</c>, to the object that they name. The encoded part is JSON in base64,
/// <c>{"_rails":{"data":7,"exp":"2026-11-22T…","pur":"blob_id"}}</c>. Its <c>exp</c> changes with the signature.</summary>
internal static class RailsSignedId
{
    /// <summary>Length of the shortest signature in hexadecimal digits.</summary>
    private const int ShortestDigest = 32;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static ReadOnlySpan<byte> Separator => "--"u8;

    /// <summary>Writes a link up to its query. Omits the host if a signed id names the file.</summary>
    public static void WritePath(ReadOnlySpan<byte> path, ArrayBufferWriter<byte> output)
    {
        if (path.IndexOf(Separator) < 0)
        {
            output.Write(path);
            return;
        }

        int start = path.IndexOf("://"u8) + 3;
        int host = path[start..].IndexOf((byte)'/');
        if (host < 0)
        {
            output.Write(path);
            return;
        }

        host += start;
        (int first, byte[]? decoded) = FindFirst(path, host);
        if (decoded is null)
            output.Write(path[..host]);
        for (int at = host; at < path.Length; at = EndOfSegment(path, at))
        {
            ReadOnlySpan<byte> segment = path[(at + 1)..EndOfSegment(path, at)];
            output.Write("/"u8);
            WriteSegment(
                segment,
                at == first ? decoded : decoded is null ? null : DecodeSegment(segment),
                isLast: at + 1 + segment.Length == path.Length,
                output);
        }
    }

    /// <summary>The first signed id: the start of its segment, and its decoded content.</summary>
    private static (int At, byte[]? Decoded) FindFirst(ReadOnlySpan<byte> path, int host)
    {
        for (int at = host; at < path.Length; at = EndOfSegment(path, at))
        {
            if (DecodeSegment(path[(at + 1)..EndOfSegment(path, at)]) is { } decoded)
                return (at, decoded);
        }

        return (-1, null);
    }

    /// <summary>The end of the segment that starts at this slash.</summary>
    private static int EndOfSegment(ReadOnlySpan<byte> path, int slash) =>
        path[(slash + 1)..].IndexOf((byte)'/') is >= 0 and var next ? slash + 1 + next : path.Length;

    private static byte[]? DecodeSegment(ReadOnlySpan<byte> segment) => Divide(segment) is > 0 and var end ? Decode(segment[..end]) : null;

    private static void WriteSegment(ReadOnlySpan<byte> segment, byte[]? decoded, bool isLast, ArrayBufferWriter<byte> output)
    {
        if (decoded is not null)
        {
            WriteWithoutExpiry(decoded, output);
            output.Write(Separator);
            return;
        }

        int end = Divide(segment);
        // A segment of the same form at the end of a link counts in full, because it may be a title: /blog/why--not
        bool isSigned = end > 0 && (!isLast || IsDigest(segment[(end + Separator.Length)..]));
        output.Write(isSigned ? segment[..(end + Separator.Length)] : segment);
    }

    /// <summary>The end of the part before the signature; less than one if the segment is not a signed id.</summary>
    private static int Divide(ReadOnlySpan<byte> segment)
    {
        int end = segment.LastIndexOf(Separator);
        return end > 0 && end + Separator.Length < segment.Length ? end : -1;
    }

    private static bool IsDigest(ReadOnlySpan<byte> signature) =>
        signature.Length >= ShortestDigest && signature.IndexOfAnyExcept(Digits) < 0;

    /// <returns>The JSON; null if the text is not a signed id.</returns>
    private static byte[]? Decode(ReadOnlySpan<byte> encoded)
    {
        ReadOnlySpan<byte> text = encoded;
        if (encoded.IndexOfAny((byte)'%', (byte)'+') >= 0)
        {
            byte[] plain = PercentText.Decode(encoded);
            plain.AsSpan().Replace((byte)'+', (byte)'-');
            plain.AsSpan().Replace((byte)'/', (byte)'_');
            text = plain;
        }

        text = text.TrimEnd((byte)'=');
        byte[] json = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromUtf8(text, json, out _, out int length) != OperationStatus.Done
            || !json.AsSpan(0, length).StartsWith("{\"_rails\""u8))
            return null;
        return json[..length];
    }

    private static void WriteWithoutExpiry(byte[] json, ArrayBufferWriter<byte> output)
    {
        int done = 0;
        if (json.AsSpan().IndexOf("\"exp\""u8) < 0)
        {
            output.Write(json);
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 2 || !reader.ValueTextEquals("exp"u8))
                    continue;
                output.Write(json.AsSpan(done..(int)reader.TokenStartIndex));
                reader.Read();
                reader.Skip();
                done = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            // The whole rest counts then.
        }

        output.Write(json.AsSpan(done));
    }
}
