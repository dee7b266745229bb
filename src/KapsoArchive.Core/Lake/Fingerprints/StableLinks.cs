using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace KapsoArchive.Core.Lake.Fingerprints;

/// <summary>Writes a text with its links cut down to what lasts: without signature and expiry, which an API gives anew each time.</summary>
/// <remarks>
/// <para>
/// A link is <c>http://</c> or <c>https://</c> and what follows, up to white space, a quote or a bracket of HTML; slashes and other
/// characters may be escaped as in JSON, also twice. It is written
/// unescaped.
/// </para>
/// <para>
/// Of the query, the parameters that sign or expire are left out (<see cref="SignatureParameters"/>): the others may be all that tells one
/// map, film or picture from another. Of a Rails signed id
/// the part behind <c>--</c> is left out, and the part before it is decoded and counts without its expiry (<see cref="RailsSignedId"/>);
/// the host does not count beside it, because the id names
/// the file wherever it is served.
/// </para>
/// </remarks>
internal static class StableLinks
{
    /// <summary>A link in the query of a link, in the query of that, and no further.</summary>
    private const int MaxDepth = 3;

    /// <summary>What ends a link; an escape may go on with it.</summary>
    private static readonly SearchValues<byte> EndOfLink = SearchValues.Create([.. Enumerable.Range(0, ' ' + 1).Select(c => (byte)c), .. "\"<>`\\\u007F"u8]);

    [ThreadStatic]
    private static byte[]? _lastLink;

    [ThreadStatic]
    private static byte[]? _lastWritten;

    /// <summary>Where the first link begins that stands in the text; below zero if there is none.</summary>
    public static int IndexOfFirst(ReadOnlySpan<byte> text) => IndexOfNext(text, from: 0);

    /// <param name="text">The text.</param>
    /// <param name="first">Where its first link begins.</param>
    /// <param name="output">Takes the text without what ages.</param>
    /// <param name="depth">In how many links the text stands.</param>
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
            if (link.IndexOf((byte)'?') is >= 0 and var query && link[query..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var length)
                link = link[..(query + length)]; // No query has such a character: it is the text that goes on.
            WriteLink(link, output, depth);
            done = at + link.Length;
        }

        output.Write(text[done..]);
    }

    /// <summary>Writes the link that the text begins with and that has characters escaped.</summary>
    /// <returns>How much of the text it takes.</returns>
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

    private static int Next(ReadOnlySpan<byte> text, int from, ReadOnlySpan<byte> wanted) => text[from..].IndexOf(wanted) is >= 0 and var found ? from + found : text.Length;

    /// <summary>How long the scheme is that the text ends with; 0 if it ends with neither.</summary>
    private static int Scheme(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 5 && Ascii.EqualsIgnoreCase(text[^5..], "https"u8))
            return 5;
        return text.Length >= 4 && Ascii.EqualsIgnoreCase(text[^4..], "http"u8) ? 4 : 0;
    }

    private static bool IsSlash(ReadOnlySpan<byte> text, ref int position) => TryRead(text, ref position, out byte character) && character == '/';

    /// <summary>Unescapes a link, from its scheme to its end.</summary>
    /// <returns>How long it is.</returns>
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

    /// <summary>Takes the next character of a link; false where the link ends.</summary>
    private static bool TryRead(ReadOnlySpan<byte> text, ref int position, out byte character)
    {
        int at = position;
        while (at < text.Length && text[at] == '\\')
            at++;
        character = at < text.Length ? text[at] : (byte)0;
        bool isEscaped = at > position;
        if (isEscaped && character == 'u')
        {
            if (text.Length - at < 5 || !Utf8Parser.TryParse(text.Slice(at + 1, 4), out ushort unit, out int digits, 'x') || digits != 4 || unit >= 0x80)
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

    /// <summary>The same link often stands in two columns of one message.</summary>
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

    /// <summary>A link may be the value of a parameter of another, with its special characters in percent.</summary>
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
