using System.Text.RegularExpressions;

namespace KapsoArchive.Core.Messages;

/// <summary>Reads a message with a file: its kind, name, caption and transcript. The link is left out: it opens without a key.</summary>
internal static partial class AttachmentContent
{
    public static void Add(ContentPieces pieces, ChatMessage message, JsonElement data, JsonElement metadata)
    {
        Match described = Description().Match(message.Content ?? "");
        pieces.Add(PieceKind.Heading, message.Type == "voice" || (message.Type == "audio" && data.IsTrue("voice"))
            ? "Voice message"
            : $"{char.ToUpperInvariant(message.Type[0])}{message.Type[1..]}");
        string? given = Value(described, "name");
        pieces.Add(PieceKind.Name, data.Text("filename") ?? given ?? message.MediaName);
        if (data.Text("filename") is { } name && given is not null && given != name)
            pieces.Add(PieceKind.Name, given);
        pieces.Add(PieceKind.Fact, data.Text("mime_type"));
        pieces.Add(PieceKind.Fact, Value(described, "size"));
        pieces.Add(PieceKind.Text, data.Text("caption"));
        if (!described.Success)
            pieces.Add(PieceKind.Text, message.Content is { } content ? Link().Replace(content, "").Trim() : null);
        string?[] transcripts =
        [
            TextOf(metadata.Member("transcript")), TextOf(data.Member("transcript")),
            TextOf(metadata.Member("kapso").Member("transcript")), Value(described, "transcript"),
        ];
        foreach (string transcript in transcripts.OfType<string>().Where(t => t.Length > 0).Distinct(StringComparer.Ordinal))
        {
            pieces.Add(PieceKind.Heading, "Transcript");
            pieces.Add(PieceKind.Text, transcript);
        }
    }

    private static string? TextOf(JsonElement transcript) => transcript.AsText() ?? transcript.Text("text");

    private static string? Value(Match match, string group) =>
        match.Groups[group] is { Success: true, Length: > 0 } found ? found.Value : null;

    /// <summary>The source's replacement for a missing text: <c>Image attached (receipt.jpeg) [Size: 115.1 KB | Type: image/jpeg] URL:
    /// https://…</c>, after which an empty line and <c>Transcript: …</c> may follow.</summary>
    [GeneratedRegex(
        @"\A\w+ attached(?: \((?<name>[^)\n]*)\))?(?: \[Size: (?<size>[^|\]\n]*?) \|[^\]\n]*\])?(?: URL: \S*)?"
        + @"(?:\s+Transcript:\s*(?<transcript>[\s\S]*?))?\s*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Description();

    /// <summary>The media link, which the content repeats.</summary>
    [GeneratedRegex(@"\s*\bURL: https?:\S*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
