namespace KapsoArchive.Api.Description;

/// <summary>For the description: the body that a handler reads from the request by itself, as JSON. Not the framework's own metadata for it, by which its routing would refuse other types before the handler can say why.</summary>
/// <param name="Type">What it describes itself as.</param>
internal sealed record BodyNote(Type Type);
