using KapsoArchive.Api.Description;
using Microsoft.AspNetCore.Mvc;

namespace KapsoArchive.Api;

/// <summary>Maps and describes the routes of exports.</summary>
internal static class ExportRoutes
{
    private const string Tag = "Exports";
    internal const string Id = "The export's id.";
    private const string Unknown = "There is no such export.";
    private const string RetryAfter = "Retry-After";
    private const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly ParameterNote OperationIdNote =
        new(OperationId.Header, "header", "The client's id of this request. A repeated request with the same id and the same content, " +
            "in any order, returns the same export; with different content it is refused. Use a new UUID for each new export.")
        {
            Pattern = "^[!-~]{1,128}$",
            MaxLength = 128,
        };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MapCreate(endpoints);
        endpoints.MapGet("/api/exports", ([FromServices] ExportsApi api, HttpRequest request, CancellationToken cancellationToken) =>
            api.ListAsync(request, cancellationToken))
            .Named("listExports", Tag, "List exports", "Newest first. The items are status documents without result.")
            .Takes(PageNotes.All)
            .Answers<StatusPage>(StatusCodes.Status200OK, "One page of exports.")
            .Refuses(StatusCodes.Status400BadRequest, "A parameter is wrong; errors names it.")
            .MayFail();
        endpoints.MapGet("/api/exports/{id}", ([FromServices] ExportsApi api, HttpRequest request, [Description(Id)] string id,
            CancellationToken cancellationToken) => api.GetAsync(request, id, cancellationToken))
            .Named("getExport", Tag, "Get the status of an export", "Poll it at the pace of Retry-After, until the response has none.")
            .Answers<StatusDocument>(StatusCodes.Status200OK, "The status. It has Retry-After until the export ends.", RetryAfter)
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Refuses(StatusCodes.Status404NotFound, Unknown)
            .MayFail();
        endpoints.MapDelete("/api/exports/{id}", ([FromServices] ExportsApi api, HttpRequest request, [Description(Id)] string id,
            CancellationToken cancellationToken) => api.CancelAsync(request, id, cancellationToken))
            .Named("cancelExport", Tag, "Cancel an export",
                "Work on it stops within seconds, and it leaves nothing behind. If it is already being published, it succeeds.")
            .Answers<StatusDocument>(StatusCodes.Status202Accepted, "Its cancellation is requested. Poll its status.", "Location",
                "Operation-Location", RetryAfter)
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Refuses(StatusCodes.Status404NotFound, Unknown)
            .Refuses(StatusCodes.Status409Conflict, "It has ended.")
            .IsGuarded()
            .MayFail();
        MapFile(endpoints);
    }

    private static void MapCreate(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/api/exports", ([FromServices] ExportsApi api, HttpRequest request, CancellationToken cancellationToken) =>
            api.CreateAsync(request, cancellationToken))
        .Named("createExport", Tag, "Export conversations",
            "Starts an export of the given conversations in the background. Poll the URL in Location.")
        .WithMetadata(new BodyNote(typeof(ExportBody)))
        .Takes(OperationIdNote)
        .Answers<StatusDocument>(StatusCodes.Status202Accepted, "The export is accepted.", "Location", "Operation-Location", RetryAfter)
        .Refuses(StatusCodes.Status400BadRequest, "The body is not JSON, the Operation-Id is invalid, or a parameter is unknown.")
        .Refuses(StatusCodes.Status409Conflict, "The Operation-Id was used for a different export.", "Location")
        .Refuses(StatusCodes.Status413PayloadTooLarge, "The body has more than 1,048,576 bytes.")
        .Refuses(StatusCodes.Status415UnsupportedMediaType, "The body is not application/json.")
        .Refuses(StatusCodes.Status422UnprocessableEntity, "Fields are wrong; errors names them all.")
        .IsGuarded()
        .MayFail();

    private static void MapFile(IEndpointRouteBuilder endpoints) => endpoints
        .MapGet(
            "/api/exports/{id}/files/{**path}",
            ([FromServices] ExportsApi api, HttpRequest request, [Description(Id)] string id, [Description("The path as the manifest " +
                "gives it, or manifest.json. Its slashes may be sent as %2F.")] string? path, CancellationToken cancellationToken) =>
                api.FileAsync(request, id, path ?? "", cancellationToken))
        .Named("getExportFile", Tag, "Fetch a file of an export", "Use the URLs in the status's result. A blob store redirects to a " +
            "link that is valid for 15 minutes. A folder sends the file and supports range requests.")
        .Takes(new ParameterNote("Range", "header", "The bytes to send, for example bytes=0-1023. Folders only."),
            new ParameterNote("If-None-Match", "header", "The ETag that the client already has. Folders only."))
        .Produces<Stream>(StatusCodes.Status200OK, "application/vnd.apache.parquet", "application/gzip", "text/csv", "text/html",
            XlsxType, "application/zip", "application/json")
        .WithMetadata(new AnswerNote(StatusCodes.Status200OK, "The file. Its ETag is its SHA-256.", "ETag", "Content-Disposition"))
        .Produces<Stream>(StatusCodes.Status206PartialContent, "application/vnd.apache.parquet", "application/gzip", "text/csv",
            "text/html", XlsxType, "application/zip")
        .WithMetadata(new AnswerNote(StatusCodes.Status206PartialContent, "A part of the file.", "ETag", "Content-Range"))
        .Answers(StatusCodes.Status302Found, "The file is at Location for 15 minutes. It needs no key there.", "Location")
        .Answers(StatusCodes.Status304NotModified, "The file has not changed.", "ETag")
        .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
        .Refuses(StatusCodes.Status404NotFound,
            "There is no such export or file, or the export has expired (type urn:kapso-archive:problem:expired).")
        .Refuses(StatusCodes.Status409Conflict, "The export is not finished. Poll its status.", "Location", RetryAfter)
        .Answers(StatusCodes.Status416RangeNotSatisfiable, "The range is outside the file.", "Content-Range")
        .MayFail();
}
