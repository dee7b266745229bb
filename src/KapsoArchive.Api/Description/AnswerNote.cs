namespace KapsoArchive.Api.Description;

/// <summary>Describes an answer and its headers in the OpenAPI document.</summary>
internal sealed record AnswerNote(int Status, string Text, params IReadOnlyList<string> Headers);
