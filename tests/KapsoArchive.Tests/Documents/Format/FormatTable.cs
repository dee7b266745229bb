namespace KapsoArchive.Tests.Documents.Format;

/// <summary>Reads the tables of a page.</summary>
internal static class FormatTable
{
    /// <summary>The rows of all tables, without their headers.</summary>
    /// <param name="text">A section of the page.</param>
    /// <param name="first">Only tables whose first column has this name; null for all.</param>
    public static IEnumerable<string[]> Of(string text, string? first = null)
    {
        string[] lines = text.Split('\n');
        bool isWanted = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith('|'))
                continue;
            if (i + 1 < lines.Length && lines[i + 1].StartsWith("|---", StringComparison.Ordinal))
                isWanted = first is null || Cells(lines[i])[0] == first;
            else if (isWanted && !lines[i].StartsWith("|---", StringComparison.Ordinal))
                yield return Cells(lines[i]);
        }
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
}
