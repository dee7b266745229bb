namespace KapsoArchive.Api.Documents;

/// <summary>One page of a list of runs or exports.</summary>
[Description("One page of a list, newest first.")]
internal sealed record StatusPage(
    IReadOnlyList<StatusSummary> Items,
    [property: Description("The next page, relative to the server; null on the last.")] string? Next);
