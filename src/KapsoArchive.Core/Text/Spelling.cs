namespace KapsoArchive.Core.Text;

/// <summary>Suggests a correction for a misspelled word.</summary>
public static class Spelling
{
    private const int LongestWord = 64;
    private const int FurthestDistance = 3;

    /// <summary>The nearest known word; null if no word is close.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) => word.Length > LongestWord
        ? null
        : known.Select(k => (Word: k, Distance: Distance(word.ToUpperInvariant(), k.ToUpperInvariant())))
            .Where(k => k.Distance <= FurthestDistance && k.Distance < k.Word.Length)
            .OrderBy(k => k.Distance)
            .Select(k => k.Word)
            .FirstOrDefault();

    /// <summary>The edit distance: letters inserted, deleted or replaced.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
