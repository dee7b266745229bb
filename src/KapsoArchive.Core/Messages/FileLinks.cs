using System.Collections.Frozen;

namespace KapsoArchive.Core.Messages;

/// <summary>Where a message's file can be fetched, and what the message says of it. The links are secrets.</summary>
/// <param name="Links">Distinct, the most likely first: <c>media_url</c>, then those that known shapes of records hold.</param>
/// <param name="FileName">Null if neither the message nor a link names the file.</param>
/// <param name="ContentType">The declared type, without its parameters; null if the message has none.</param>
internal sealed record FileLinks(IReadOnlyList<string> Links, string? FileName, string? ContentType)
{
    /// <summary>Maximum number of links that are kept for a message.</summary>
    public const int Most = 4;

    private const int LongestName = 512;
    private const int LongestType = 127;

    private static readonly FrozenSet<string> FileTypes =
        FrozenSet.Create(StringComparer.Ordinal, "image", "audio", "video", "document", "sticker", "voice", "ptt", "gif");

    /// <summary>The links of a message; null if it has none.</summary>
    public static FileLinks? Of(MessageRow row)
    {
        if (!row.MediaUrl.HasValue && !MayHoldLink(row.MessageTypeData) && !MayHoldLink(row.Metadata) && !MayHoldLink(row.Extra))
            return null;
        string type = row.MessageType.ToString() ?? "";
        JsonElement[] roots =
        [
            .. new[] { row.MessageTypeData, row.Metadata, row.Extra }.Where(j => j.HasValue)
                .Select(j => ChatMessage.ObjectOf(j.ToString())),
        ];
        string[] links =
        [
            .. roots.SelectMany(r => LinksOf(r, type)).Prepend(row.MediaUrl.ToString()).OfType<string>()
                .Where(l => l.StartsWith("http", StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal).Take(Most),
        ];
        if (links.Length == 0)
            return null;
        JsonElement[] places = [.. roots.SelectMany(r => PlacesOf(r, type))];
        return new FileLinks(
            links,
            FirstOf(places, "filename", LongestName) ?? ChatMessage.NameOf(links[0]),
            (FirstOf(places, "content_type", LongestType) ?? FirstOf(places, "mime_type", LongestType))
                ?.Split(';')[0].Trim().ToLowerInvariant());
    }

    private static bool MayHoldLink(Utf8Text json) => json.HasValue && json.Span.IndexOf("\"http"u8) >= 0;

    private static string? FirstOf(IEnumerable<JsonElement> places, string member, int longest) =>
        places.Select(p => p.Text(member)).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t) && t.Length <= longest);

    /// <summary>The objects that describe the file itself.</summary>
    private static IEnumerable<JsonElement> PlacesOf(JsonElement root, string type)
    {
        yield return root.Member("media_data");
        yield return root.Member("kapso").Member("media_data");
        if (!FileTypes.Contains(type))
            yield break;
        yield return root;
        yield return root.Member(type);
    }

    private static IEnumerable<string?> LinksOf(JsonElement root, string type)
    {
        yield return root.Text("media_url");
        yield return root.Member("kapso").Text("media_url");
        foreach (JsonElement place in PlacesOf(root, type))
        {
            yield return place.Text("url");
            yield return place.Text("link");
        }

        // The head of an interactive message or a template is a file too.
        foreach (JsonElement head in root.Items("components").SelectMany(c => c.Items("parameters")).Prepend(root.Member("header")))
        {
            foreach (string file in FileTypes)
                yield return head.Member(file).Text("link");
        }
    }
}
