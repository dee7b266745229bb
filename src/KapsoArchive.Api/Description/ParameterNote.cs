namespace KapsoArchive.Api.Description;

/// <summary>For the description: a parameter that a handler reads from the request by itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place"><c>query</c> or <c>header</c>.</param>
/// <param name="Text">What it does.</param>
internal sealed record ParameterNote(string Name, string Place, string Text)
{
    public string? Pattern { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>Of a number: the smallest, the largest and the one where none is given.</summary>
    public (int Least, int Most, int Default)? Number { get; init; }
}
