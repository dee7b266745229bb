namespace KapsoArchive.Functions;

/// <summary>Exports over HTTP.</summary>
public sealed class ExportFunctions(ExportsApi exports)
{
    [Function("CreateExport")]
    public Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "exports")] HttpRequest request, CancellationToken cancellationToken) =>
        exports.CreateAsync(request, cancellationToken);

    [Function("ListExports")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "exports")] HttpRequest request, CancellationToken cancellationToken) =>
        exports.ListAsync(request, cancellationToken);

    [Function("GetExport")]
    public Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "exports/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        exports.GetAsync(request, id, cancellationToken);

    [Function("CancelExport")]
    public Task<IResult> CancelAsync([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "exports/{id}")] HttpRequest request,
        string id, CancellationToken cancellationToken) =>
        exports.CancelAsync(request, id, cancellationToken);

    [Function("GetExportFile")]
    public Task<IResult> FileAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "exports/{id}/files/{*path}")] HttpRequest request, string id,
            string path, CancellationToken cancellationToken) =>
        exports.FileAsync(request, id, path, cancellationToken);
}
