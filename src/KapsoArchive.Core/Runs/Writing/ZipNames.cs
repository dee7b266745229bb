using PhoneNumbers;

namespace KapsoArchive.Core.Runs.Writing;

/// <summary>Names the folders of conversations in a zip for people: the contact's name and number. A name is valid on every system,
/// Windows included, and no other name equals it there. It has no invisible characters, and none that change how others are
/// read.</summary>
internal sealed class ZipNames
{
    private const int LongestName = 60;
    private const int LongestNumber = 32;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"/\\|?*");

    /// <summary>The names of the zip's own files, up to a dot or a dash.</summary>
    private static readonly string[] Own = ["conversations", "index", "manifest", "messages", "rejected", RunLayout.Sums];

    /// <summary>The names of devices, which Windows gives to no file, whatever the extension.</summary>
    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. "123456789\u00b9\u00b2\u00b3".SelectMany(digit => (string[])[$"COM{digit}", $"LPT{digit}"]),
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The name for one more conversation.</summary>
    /// <param name="name">The contact's name; null or blank if unknown.</param>
    /// <param name="number">Their number; null or blank if unknown.</param>
    /// <param name="id">The conversation's id, for one without both.</param>
    public string Next(string? name, string? number, string id)
    {
        string person = Clean(name, LongestName);
        string other = Clean(Formatted(number), LongestNumber);
        string plain = $"{person} {(other == person ? "" : other)}".Trim();
        if (plain.Length == 0)
            plain = Clean(id, LongestName);
        return Unique(plain, "");
    }

    /// <summary>The name for one more file behind a message.</summary>
    /// <param name="sent">The local time of the message; null if unknown.</param>
    /// <param name="name">As the message has it; null or blank if unknown. Its own extension does not count.</param>
    /// <param name="extension">By the file's content, with a dot.</param>
    public string NextFile(DateTimeOffset? sent, string? name, string extension)
    {
        string stem = Clean(Path.GetFileNameWithoutExtension(name), LongestName);
        string plain = $"{sent?.ToString("yyyy-MM-dd HHmm", CultureInfo.InvariantCulture)} {stem}".Trim();
        return Unique(plain, extension);
    }

    private string Unique(string plain, string extension)
    {
        string first = plain.Split('.')[0].TrimEnd();
        if (plain.Length == 0 || Devices.Contains(first) || Own.Contains(first.Split('-')[0], StringComparer.OrdinalIgnoreCase))
            plain = $"_{plain}";
        string folded = FoldedText.Of($"{plain}{extension}");
        for (int count = _counts.GetValueOrDefault(folded) + 1; ; count++)
        {
            string unique = count == 1 ? $"{plain}{extension}"
                : string.Create(CultureInfo.InvariantCulture, $"{plain} ({count}){extension}");
            _counts[folded] = count;
            if (IsFree(unique))
                return unique;
        }
    }

    /// <summary>Takes a name. Some systems take two names for one if they differ in case or in the form of their accents.</summary>
    private bool IsFree(string name)
    {
        if (_taken.Contains(name) || _taken.Contains($"/{FoldedText.Of(name)}"))
            return false;
        _taken.Add(name);
        _taken.Add($"/{FoldedText.Of(name)}");
        return true;
    }

    /// <summary>The number as people write it: <c>+51 900 000 001</c>.</summary>
    private static string? Formatted(string? number)
    {
        try
        {
            var numbers = PhoneNumberUtil.GetInstance();
            return number is null ? null : numbers.Format(numbers.Parse(number, null), PhoneNumberFormat.INTERNATIONAL);
        }
        catch (NumberParseException)
        {
            return number;
        }
    }

    private static string Clean(string? text, int longest)
    {
        if (VisibleText.IsBlank(text))
            return "";
        var clean = new StringBuilder();
        int bytes = 0;
        foreach (Rune rune in text!.EnumerateRunes())
        {
            string next = Shown(rune);
            if (next is [' '] && (clean.Length == 0 || clean[^1] == ' '))
                continue;
            bytes += Encoding.UTF8.GetByteCount(next);
            if (clean.Length + next.Length > longest || bytes > 2 * longest)
                break;
            clean.Append(next);
        }

        // Windows drops dots and spaces at the end; a dot at the beginning hides a file, and a dash or tilde acts on a command line.
        return clean.ToString().TrimEnd('.', ' ').TrimStart('.', ' ', '-', '~');
    }

    private static string Shown(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
            return " ";
        bool isInvisible = VisibleText.IsBlank(rune.ToString())
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
            || rune == Rune.ReplacementChar;
        return isInvisible ? "" : rune.IsBmp && Forbidden.Contains((char)rune.Value) ? "_" : rune.ToString();
    }
}
