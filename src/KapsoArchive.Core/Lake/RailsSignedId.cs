using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace KapsoArchive.Core.Lake;

/// <summary>
/// Cuts signed ids of Rails, <c>ENCODED--SIGNATURE</c>, down to what they name. Encoded is JSON in base64, <c>{"_rails":{"data":7,"exp":"2026-11-22T…","pur":"blob_id"}}</c>, of which <c>exp</c>
/// ages as the signature does.
/// </summary>
internal static class RailsSignedId
{
    /// <summary>Digits of the shortest signature, as hexadecimal text.</summary>
    private const int ShortestDigest = 32;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static ReadOnlySpan<byte> Separator => "--"u8;

    /// <summary>Writes a link up to its query. The host is left out beside a signed id that names its file.</summary>
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
        if (!NamesItsFile(path[host..]))
            output.Write(path[..host]);
        for (int at = host; at < path.Length;)
        {
            int length = path[(at + 1)..].IndexOf((byte)'/') is >= 0 and var next ? next + 1 : path.Length - at;
            output.Write("/"u8);
            WriteSegment(path.Slice(at + 1, length - 1), isLast: at + length == path.Length, output);
            at += length;
        }
    }

    private static bool NamesItsFile(ReadOnlySpan<byte> path)
    {
        foreach (Range segment in path.Split((byte)'/'))
        {
            if (Divide(path[segment]) is > 0 and var end && Decode(path[segment][..end]) is not null)
                return true;
        }

        return false;
    }

    private static void WriteSegment(ReadOnlySpan<byte> segment, bool isLast, ArrayBufferWriter<byte> output)
    {
        int end = Divide(segment);
        byte[]? decoded = end > 0 ? Decode(segment[..end]) : null;
        // What only looks so counts in full at the end of a link, where it may be a title: /blog/why--not
        if (end <= 0 || (decoded is null && isLast && !IsDigest(segment[(end + Separator.Length)..])))
        {
            output.Write(segment);
            return;
        }

        if (decoded is null)
            output.Write(segment[..end]);
        else
            WriteWithoutExpiry(decoded, output);
        output.Write(Separator);
    }

    /// <summary>Where the part before the signature ends; below one if the segment is no signed id.</summary>
    private static int Divide(ReadOnlySpan<byte> segment)
    {
        int end = segment.LastIndexOf(Separator);
        return end > 0 && end + Separator.Length < segment.Length ? end : -1;
    }

    private static bool IsDigest(ReadOnlySpan<byte> signature) => signature.Length >= ShortestDigest && signature.IndexOfAnyExcept(Digits) < 0;

    /// <returns>The JSON; null if the text is not that of a signed id.</returns>
    private static byte[]? Decode(ReadOnlySpan<byte> encoded)
    {
        byte[] text = PercentText.Decode(encoded).AsSpan().TrimEnd((byte)'=').ToArray();
        text.AsSpan().Replace((byte)'+', (byte)'-');
        text.AsSpan().Replace((byte)'/', (byte)'_');
        byte[] json = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromUtf8(text, json, out _, out int length) != OperationStatus.Done || !json.AsSpan(0, length).StartsWith("{\"_rails\""u8))
            return null;
        return json[..length];
    }

    private static void WriteWithoutExpiry(byte[] json, ArrayBufferWriter<byte> output)
    {
        int done = 0;
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
            // Then all of the rest counts.
        }

        output.Write(json.AsSpan(done));
    }
}
