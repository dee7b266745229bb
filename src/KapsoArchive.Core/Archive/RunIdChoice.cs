namespace KapsoArchive.Core.Archive;

/// <summary>Finds the run or export for an id, or the beginning of an id, that a user typed.</summary>
internal static class RunIdChoice
{
    private const int MaxNamed = 5;

    /// <param name="typed">The value of the option.</param>
    /// <param name="ids">The existing ids, newest first.</param>
    /// <param name="location">Where they are.</param>
    /// <param name="what">What they are: the option's name without its dashes.</param>
    /// <exception cref="SettingException">No id begins with the text, or several do.</exception>
    public static string Of(string typed, IReadOnlyCollection<string> ids, string location, string what = "run")
    {
        if (ids.Contains(typed, StringComparer.Ordinal))
            return typed;
        string[] meant = [.. typed.Length == 0 ? [] : ids.Where(id => id.StartsWith(typed, StringComparison.Ordinal))];
        return meant.Length switch
        {
            1 => meant[0],
            0 => throw new SettingException(
                $"--{what}: there is no {what} {typed} in {location}. "
                    + (ids.Count == 0 ? "There are none." : $"The newest are {Names(ids)}.")),
            _ => throw new SettingException($"--{what}: {typed} matches {Names(meant)}. Give more of the id."),
        };
    }

    private static string Names(IReadOnlyCollection<string> ids) => string.Join(", ", ids.Take(MaxNamed));
}
