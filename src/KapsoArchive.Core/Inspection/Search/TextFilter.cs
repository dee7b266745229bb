using KapsoArchive.Core.Messages;

namespace KapsoArchive.Core.Inspection.Search;

/// <summary>Finds a text in messages. For most messages without it, their stored bytes prove that.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class TextFilter
{
    private const int Before = 40;
    private const int After = 120;

    /// <summary>Words of this program in pieces of content: the stored bytes lack them.</summary>
    private const string OwnWords = "x error without a name something changed unnamed file";

    private readonly string _wanted;
    private readonly string _run;
    private readonly byte[] _bytes;
    private byte[] _lower = new byte[4096];

    /// <param name="text">What to find; not empty when it is folded.</param>
    public TextFilter(string text)
    {
        _wanted = FoldedText.Of(text);
        string run = LongestRun(_wanted);
        _run = OwnWords.Contains(run, StringComparison.Ordinal) ? "" : run;
        _bytes = Encoding.ASCII.GetBytes(_run);
    }

    /// <summary>Whether a text, or a text in JSON, may be or contain the wanted one.</summary>
    public bool MayBeIn(ReadOnlySpan<byte> stored)
    {
        if (stored.IsEmpty)
            return false;
        if (_bytes.Length == 0 || stored.IndexOf("\\u"u8) >= 0)
            return true;
        if (!Ascii.IsValid(stored))
            return FoldedText.Of(Encoding.UTF8.GetString(stored)).Contains(_run, StringComparison.Ordinal);
        if (_lower.Length < stored.Length)
            _lower = new byte[stored.Length * 2];
        Ascii.ToLower(stored, _lower, out int length);
        return _lower.AsSpan(0, length).IndexOf(_bytes) >= 0;
    }

    /// <summary>Same as <see cref="MayBeIn"/>, for the file name in a link.</summary>
    public bool MayBeInLink(ReadOnlySpan<byte> link)
    {
        ReadOnlySpan<byte> path = link.IndexOfAny((byte)'?', (byte)'#') is >= 0 and int end ? link[..end] : link;
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        return name.Contains((byte)'%') || MayBeIn(name);
    }

    /// <summary>Whether a message contains the wanted text.</summary>
    public bool IsIn(ChatMessage message) => Texts(message).Any(IsIn);

    /// <summary>The text around the first occurrence in a message that contains it.</summary>
    public string SnippetOf(ChatMessage message)
    {
        string text = Texts(message).First(IsIn);
        (int start, int length) = FoldedText.Find(text, _wanted);
        int from = Math.Max(0, start - Before);
        if (from > 0 && char.IsLowSurrogate(text[from]))
            from--;
        string part = VisibleText.Beginning(text[from..], start - from + length + After);
        return $"{(from > 0 ? "…" : "")}{part}{(from + part.Length < text.Length ? "…" : "")}";
    }

    /// <summary>What a person wrote or saw: without this program's headings, technical facts, and JSON that is shown as sent.</summary>
    internal static IEnumerable<string> Texts(ChatMessage message)
    {
        if (message.Type is "text" or "" && !string.IsNullOrEmpty(message.Content))
            yield return message.Content; // Before the rest is read: usually it is all.
        foreach (ContentPiece piece in MessageContent.Of(message))
        {
            if (piece.Kind is PieceKind.Heading or PieceKind.Fact or PieceKind.Json)
                continue;
            yield return piece.Text;
            if (piece is { Kind: not PieceKind.Field, More: { } more })
                yield return more;
        }
    }

    private bool IsIn(string text) => FoldedText.Of(text).Contains(_wanted, StringComparison.Ordinal);

    /// <summary>The longest sequence of letters and digits. Stored bytes that hold the text hold it too, unless they are
    /// escaped.</summary>
    private static string LongestRun(string folded) =>
        string.Concat(folded.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ').MaxBy(run => run.Length)!;
}
