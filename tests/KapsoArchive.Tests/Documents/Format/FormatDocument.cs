namespace KapsoArchive.Tests.Documents.Format;

/// <summary>What the page says of one document.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Members">Of a JSON document, or of a line of one: its members.</param>
/// <param name="Fields">Of a binary document: its fields, in order.</param>
/// <param name="Examples">Blocks of code, with their language.</param>
internal sealed record FormatDocument(
    string Heading, IReadOnlyList<FormatMember> Members, IReadOnlyList<FormatField> Fields, IReadOnlyList<(string Language, string Text)> Examples);
