namespace KapsoArchive.Functions;

/// <summary>Runs and snapshots over HTTP.</summary>
public sealed class ArchiveFunctions(RunsApi runs, SnapshotsApi snapshots)
{
    [Function("StartRun")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs")] HttpRequest request, CancellationToken cancellationToken) =>
        runs.StartAsync(request, cancellationToken);

    [Function("ListRuns")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request, CancellationToken cancellationToken) =>
        runs.ListAsync(request, cancellationToken);

    [Function("GetRun")]
    public Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}")] HttpRequest request, string id,
        CancellationToken cancellationToken) =>
        runs.GetAsync(request, id, cancellationToken);

    [Function("GetRunReport")]
    public Task<IResult> ReportAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/report")] HttpRequest request,
        string id, CancellationToken cancellationToken) =>
        runs.ReportAsync(request, id, cancellationToken);

    [Function("GetLatestSnapshot")]
    public Task<IResult> LatestAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "snapshots/latest")] HttpRequest request,
        CancellationToken cancellationToken) =>
        snapshots.LatestAsync(request, cancellationToken);
}
