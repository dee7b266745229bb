namespace KapsoArchive.Api.Description;

/// <summary>Describes, in the OpenAPI document, a parameter that the handler reads itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place"><c>query</c> or <c>header</c>.</param>
/// <param name="Text">What it does.</param>
internal sealed record ParameterNote(string Name, string Place, string Text)
{
    public string? Pattern { get; init; }

    public int? MaxLength { get; init; }

    public string? Format { get; init; }

    /// <summary>The only values; null for any.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>For a number: minimum, maximum and default.</summary>
    public (int Least, int Most, int Default)? Number { get; init; }
}
