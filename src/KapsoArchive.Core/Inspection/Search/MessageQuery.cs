namespace KapsoArchive.Core.Inspection.Search;

/// <summary>Which messages to find.</summary>
/// <param name="Text">A text that they contain; case, accents and Unicode compatibility forms do not matter.</param>
public sealed record MessageQuery(string Text)
{
    /// <summary>Only messages created in this range.</summary>
    public TimeRange Range { get; init; } = TimeRange.All;

    /// <summary>Only messages of this direction, <c>inbound</c> or <c>outbound</c>; null for all.</summary>
    public string? Direction { get; init; }

    /// <summary>Only messages of this type, for example <c>image</c>; null for all.</summary>
    public string? Type { get; init; }
}
