namespace KapsoArchive.Core.Archive;

/// <summary>Which conversations a run reads: all that the source lists, or the listed ids, each once.</summary>
public sealed class ConversationSelection
{
    private const int MaxIdLength = 128;

    private ConversationSelection(IReadOnlyList<string>? ids, int duplicates)
    {
        Ids = ids;
        Duplicates = duplicates;
    }

    public static ConversationSelection All { get; } = new(null, 0);

    /// <summary>For a run that only fetches files.</summary>
    internal static ConversationSelection None { get; } = new([], 0);

    /// <summary>Null for all.</summary>
    public IReadOnlyList<string>? Ids { get; }

    /// <summary>Number of repeated ids in the list. A repeated id is archived once.</summary>
    public int Duplicates { get; }

    /// <param name="entries">Ids, each with a description of its place for errors.</param>
    /// <param name="setting">The setting or option as a whole, for the error if the list has no ids.</param>
    /// <exception cref="SettingException">An id is invalid, or the list has no ids.</exception>
    public static ConversationSelection Listed(IEnumerable<(string Id, string Place)> entries, string setting)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> ids = [];
        int entered = 0;
        foreach ((string id, string place) in entries)
        {
            Check(id, place);
            entered++;
            // The source accepts a UUID in any case and lists it in lower case: both spellings are the same conversation.
            string known = Guid.TryParseExact(id, "D", out Guid uuid) ? uuid.ToString("D") : id;
            if (seen.Add(known))
                ids.Add(known);
        }

        return ids.Count > 0
            ? new ConversationSelection(ids, entered - ids.Count)
            : throw new SettingException($"{setting} lists no conversation. Give conversation ids, or \"all\".");
    }

    /// <summary>Reads <c>all</c>, <c>@file</c> or a comma-separated list.</summary>
    /// <param name="text">The setting's value.</param>
    /// <param name="setting">Its name, for errors.</param>
    /// <param name="readFile">Returns the text of a named file; throws <see cref="SettingException"/> if it cannot.</param>
    public static ConversationSelection Parse(string? text, string setting, Func<string, string> readFile)
    {
        string value = (text ?? "").Trim();
        if (value.Equals("all", StringComparison.OrdinalIgnoreCase))
            return All;
        if (value.StartsWith('@'))
            return FromFile(value[1..], setting, readFile);
        return Listed(
            value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(id => (id, setting)), setting);
    }

    /// <summary>Reads a file of ids: one a line, or several separated by commas; <c>#</c> begins a comment.</summary>
    public static ConversationSelection FromFile(string file, string setting, Func<string, string> readFile)
    {
        string[] lines = readFile(file).TrimStart('\uFEFF').Split('\n');
        IEnumerable<(string, string)> entries = lines.SelectMany((line, index) => line.Split('#')[0]
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(id => (id, $"{setting}, line {index + 1} of {file}")));
        return Listed(entries, $"{setting} ({file})");
    }

    /// <summary>Why this cannot be the id of a conversation, in a sentence; null if it can.</summary>
    public static string? Objection(string id)
    {
        if (id.Length > MaxIdLength)
            return $"a conversation id of {id.Length} characters (it begins \"{Printable(id[..16])}…\"). Ids have at most {MaxIdLength}.";
        if (id is "" or "." or ".." || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '~'))
            return $"\"{Printable(id)}\" is not a conversation id. An id contains only letters, digits, - and _, for example "
                + "3c90c3cc-0d44-4b50-8888-8dd25736052a.";
        return null;
    }

    private static void Check(string id, string place)
    {
        if (Objection(id) is { } objection)
            throw new SettingException($"{place}: {objection}");
    }

    private static string Printable(string text) => VisibleText.PrintedLine(text);
}
