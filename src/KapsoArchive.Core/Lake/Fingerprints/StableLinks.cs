using System.Buffers.Text;

namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Writes a text with its links reduced to their stable part: without signature and expiry, which an API renews each
/// time.</summary>
/// <remarks>
/// <para> A link starts with <c>http://</c> or <c>https://</c> and ends at white space, a quote or an HTML bracket. Slashes and other
/// characters may be escaped as in JSON, also twice. It is written unescaped. </para> <para> Query parameters that sign or expire are
/// omitted (<see cref="SignatureParameters"/>). The others stay, because they may be the only difference between two maps, films or
/// pictures. Of a Rails signed id the part after <c>--</c> is omitted; the part before it is decoded and counts without its expiry
/// (<see cref="RailsSignedId"/>). The host is then omitted too, because the id names the file on any host. </para>
/// </remarks>
internal static class StableLinks
{
    /// <summary>Maximum nesting of links in the queries of links.</summary>
    private const int MaxDepth = 3;

    /// <summary>The bytes that end a link. An escape may continue it.</summary>
    private static readonly SearchValues<byte> EndOfLink = SearchValues.Create(
        [.. Enumerable.Range(0, ' ' + 1).Select(c => (byte)c), .. "\"<>`\\\u007F"u8]);

    [ThreadStatic]
    private static byte[]? _lastLink;

    [ThreadStatic]
    private static byte[]? _lastWritten;

    /// <summary>The start of the first link in the text; negative if the text has no link.</summary>
    public static int IndexOfFirst(ReadOnlySpan<byte> text) => IndexOfNext(text, from: 0);

    /// <param name="first">The start of its first link.</param>
    /// <param name="output">Receives the text without the parts that are renewed.</param>
    /// <param name="depth">The number of links around the text.</param>
    public static void Write(ReadOnlySpan<byte> text, int first, ArrayBufferWriter<byte> output, int depth = 1)
    {
        int done = 0;
        for (int at = first; at >= 0; at = IndexOfNext(text, done))
        {
            output.Write(text[done..at]);
            ReadOnlySpan<byte> rest = text[at..];
            int end = rest.IndexOfAny(EndOfLink);
            if (end >= 0 && rest[end] == '\\')
            {
                done = at + WriteEscaped(rest, output, depth);
                continue;
            }

            ReadOnlySpan<byte> link = end < 0 ? rest : rest[..end];
            if (link.IndexOf((byte)'?') is >= 0 and var query
                && link[query..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var length)
                link = link[..(query + length)]; // A query cannot contain this character: the surrounding text continues here.
            WriteLink(link, output, depth);
            done = at + link.Length;
        }

        output.Write(text[done..]);
    }

    /// <summary>Writes the escaped link at the start of the text.</summary>
    /// <returns>The length of the link in the text.</returns>
    private static int WriteEscaped(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output, int depth)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            int end = 0;
            int length = ReadLink(text, ref end, scratch);
            WriteLink(scratch.AsSpan(0, length), output, depth);
            return end;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static int IndexOfNext(ReadOnlySpan<byte> text, int from)
    {
        int plain = Next(text, from, "://"u8);
        int escaped = Next(text, from, ":\\"u8);
        while (Math.Min(plain, escaped) is var colon && colon < text.Length)
        {
            int at = colon + 1;
            if (Scheme(text[from..colon]) is > 0 and var scheme && IsSlash(text, ref at) && IsSlash(text, ref at))
                return colon - scheme;
            if (colon == plain)
                plain = Next(text, colon + 1, "://"u8);
            else
                escaped = Next(text, colon + 1, ":\\"u8);
        }

        return -1;
    }

    private static int Next(ReadOnlySpan<byte> text, int from, ReadOnlySpan<byte> wanted) =>
        text[from..].IndexOf(wanted) is >= 0 and var found ? from + found : text.Length;

    /// <summary>The length of the scheme at the end of the text; 0 if the text does not end with a scheme.</summary>
    private static int Scheme(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 5 && Ascii.EqualsIgnoreCase(text[^5..], "https"u8))
            return 5;
        return text.Length >= 4 && Ascii.EqualsIgnoreCase(text[^4..], "http"u8) ? 4 : 0;
    }

    private static bool IsSlash(ReadOnlySpan<byte> text, ref int position) =>
        TryRead(text, ref position, out byte character) && character == '/';

    /// <summary>Unescapes a link, from its scheme to its end.</summary>
    /// <returns>The unescaped length.</returns>
    private static int ReadLink(ReadOnlySpan<byte> text, ref int position, Span<byte> link)
    {
        int length = 0;
        bool inQuery = false;
        int next = position;
        while (TryRead(text, ref next, out byte character))
        {
            inQuery |= character == '?';
            if (inQuery && character >= 0x80)
                break;
            link[length++] = character;
            position = next;
        }

        return length;
    }

    /// <summary>Reads the next character of a link; false at its end.</summary>
    private static bool TryRead(ReadOnlySpan<byte> text, ref int position, out byte character)
    {
        int at = position;
        while (at < text.Length && text[at] == '\\')
            at++;
        character = at < text.Length ? text[at] : (byte)0;
        bool isEscaped = at > position;
        if (isEscaped && character == 'u')
        {
            if (text.Length - at < 5 || !Utf8Parser.TryParse(text.Slice(at + 1, 4), out ushort unit, out int digits, 'x') || digits != 4
                || unit >= 0x80)
                return false;
            character = (byte)unit;
            at += 4;
        }
        else if (isEscaped && character != '/')
        {
            return false;
        }

        if (EndOfLink.Contains(character))
            return false;
        position = at + 1;
        return true;
    }

    /// <summary>Caches the last link, because two columns of a message often contain the same link.</summary>
    private static void WriteLink(ReadOnlySpan<byte> link, ArrayBufferWriter<byte> output, int depth)
    {
        if (depth > 1 || !link.SequenceEqual(_lastLink))
        {
            int start = output.WrittenCount;
            WriteNewLink(link, output, depth);
            if (depth == 1)
                (_lastLink, _lastWritten) = (link.ToArray(), output.WrittenSpan[start..].ToArray());
            return;
        }

        output.Write(_lastWritten);
    }

    private static void WriteNewLink(ReadOnlySpan<byte> link, ArrayBufferWriter<byte> output, int depth)
    {
        int endOfPath = link.IndexOfAny((byte)'?', (byte)'#');
        RailsSignedId.WritePath(endOfPath < 0 ? link : link[..endOfPath], output);
        if (endOfPath < 0)
            return;
        ReadOnlySpan<byte> rest = link[endOfPath..];
        int fragment = rest.IndexOf((byte)'#');
        if (rest[0] == '?')
            WriteQuery(fragment < 0 ? rest[1..] : rest[1..fragment], output, depth);
        if (fragment >= 0)
            output.Write(rest[fragment..]);
    }

    private static void WriteQuery(ReadOnlySpan<byte> query, ArrayBufferWriter<byte> output, int depth)
    {
        bool isSigned = false;
        foreach (Range parameter in query.Split((byte)'&'))
            isSigned |= SignatureParameters.IsSignature(NameOf(query[parameter]));
        foreach (Range range in query.Split((byte)'&'))
        {
            ReadOnlySpan<byte> parameter = query[range];
            ReadOnlySpan<byte> name = NameOf(parameter);
            if (parameter.IsEmpty || SignatureParameters.IsSignature(name) || (isSigned && SignatureParameters.GoesWithSignature(name)))
                continue;
            output.Write("&"u8);
            WriteParameter(parameter, output, depth);
        }
    }

    /// <summary>Handles links as parameter values of other links, with percent escapes.</summary>
    private static void WriteParameter(ReadOnlySpan<byte> parameter, ArrayBufferWriter<byte> output, int depth)
    {
        if (depth < MaxDepth && parameter.Contains((byte)'%'))
        {
            byte[] decoded = PercentText.Decode(parameter);
            int link = IndexOfFirst(decoded);
            if (link >= 0)
            {
                Write(decoded, link, output, depth + 1);
                return;
            }
        }

        output.Write(parameter);
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> parameter)
    {
        int end = parameter.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = end < 0 ? parameter : parameter[..end];
        return name.StartsWith("amp;"u8) ? name[4..] : name;
    }
}
