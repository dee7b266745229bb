namespace KapsoArchive.Api.Description;

/// <summary>For the description: what an answer means, and which headers it has.</summary>
internal sealed record AnswerNote(int Status, string Text, params IReadOnlyList<string> Headers);
