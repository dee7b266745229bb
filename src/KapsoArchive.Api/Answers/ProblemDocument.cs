namespace KapsoArchive.Api.Answers;

/// <summary>The answer to a failed request (RFC 9457). It has no <c>instance</c>, which could only repeat the request.</summary>
[Description("A problem document (RFC 9457): why the request failed, and what to do.")]
internal sealed record ProblemDocument(
    [property: Description("The kind of problem, a URN that does not change: urn:kapso-archive:problem:…")] string Type,
    [property: Description("The kind of problem in words, the same for every problem of this type.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: Description("What is wrong with this request, and the fix.")] string Detail)
{
    [Description("Only if fields are wrong: what is wrong with each, and the fix. A list item is named by its index: conversations[3].")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
}
