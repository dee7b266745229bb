namespace KapsoArchive.Api.Requests;

/// <summary>The answer to a name that the API does not know: of a field, a parameter or a value.</summary>
internal static class UnknownName
{
    private const int MostShown = 64;

    /// <param name="kind">For example <c>field</c>.</param>
    /// <param name="name">As sent.</param>
    /// <param name="known">The names that exist; may be empty.</param>
    public static string Sentence(string kind, string name, IReadOnlyList<string> known)
    {
        string hint = Spelling.Nearest(name, known) is { } meant ? $"Did you mean {meant}?"
            : known.Count > 0 ? $"Use {string.Join(", ", known)}."
            : $"This call takes no {kind}s.";
        return $"There is no such {kind}. {hint}";
    }

    /// <summary>The name, safe to show.</summary>
    public static string Shown(string name) => VisibleText.PrintedLine(name[..Math.Min(name.Length, MostShown)]);
}
