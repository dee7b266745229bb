namespace KapsoArchive.Api.Description;

/// <summary>Describes, in the OpenAPI document, a JSON body that the handler reads itself. With the framework's own metadata, routing would
/// refuse other content types before the handler can explain the error.</summary>
/// <param name="Type">The type whose schema describes the body.</param>
internal sealed record BodyNote(Type Type);
