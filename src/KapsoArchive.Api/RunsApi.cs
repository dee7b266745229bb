using KapsoArchive.Core.Inspection.Reports;
using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Api;

/// <summary>Starts the nightly run and handles the requests about runs.</summary>
public sealed class RunsApi(IServiceProvider services)
{
    private const int RetrySeconds = 5;
    private const string NoConversations =
        "Archive:Conversations (environment Archive__Conversations) is missing on the server, so it does not know what to archive. Set " +
            "it to all, to conversation ids separated by commas, or to @FILE for a file of ids in the state area of the store.";

    // Resolved while answering, so that a wrong setting becomes an answer.
    private ArchiveStatus Status => services.GetRequiredService<ArchiveStatus>();

    private DateTimeOffset Now => services.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary><c>POST /api/runs</c>. It refuses a body, because a client could expect, for example, named conversations to have an
    /// effect.</summary>
    public Task<IResult> StartAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        if (!await Body.IsEmptyAsync(request, cancellationToken))
            throw Problems.BadRequest("POST /api/runs takes no body: the setting Archive:Conversations of the server says what the " +
                "nightly run reads. To choose conversations, use POST /api/exports.");
        if (!services.GetRequiredService<NightlyRequest>().IsSet)
            throw Problems.NotConfigured(NoConversations);

        NightlyStart start = await services.GetRequiredService<NightlyDesk>().StartAsync("http", cancellationToken);
        string? location = start.RunId is { } id ? new Links(request).Run(id) : null;
        if (start is not { Outcome: NightlyOutcome.Begun, RunId: { } runId })
            throw Problems.RunUnderWay(start.Reason ?? "A run is under way.", location);
        RunSummary run = await FindAsync(runId, cancellationToken)
            ?? throw new InvalidOperationException("The status of the started run has disappeared.");
        return DocumentResult.Of(StatusCodes.Status202Accepted, DocumentOf(run), ApiJson.Default.StatusDocument, location,
            operationLocation: location, retryAfterSeconds: RetrySeconds);
    });

    /// <summary><c>GET /api/runs/{id}</c></summary>
    public Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        RunSummary run = await FindAsync(id, cancellationToken) ?? throw Unknown();
        bool goesOn = run is { Manifest: null, Record.HasEnded: false };
        return DocumentResult.Of(StatusCodes.Status200OK, DocumentOf(run), ApiJson.Default.StatusDocument,
            retryAfterSeconds: goesOn ? RetrySeconds : null);
    });

    /// <summary><c>GET /api/runs/{id}/report</c></summary>
    public Task<IResult> ReportAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        if (!RunId.IsOne(id) || await services.GetRequiredService<RunReports>().TryPageAsync(id, cancellationToken) is not { } page)
            throw Unknown();
        return new HtmlResult(RunReports.HeadOf(id), page) { FileName = $"kapso-archive-{id}.html" };
    });

    /// <summary><c>GET /api/runs</c></summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services, async () =>
    {
        PageQuery query = PageQuery.Of(request);
        (IReadOnlyList<RunSummary> runs, bool hasMore) = await Status.ListAsync(query.Before, query.Limit, cancellationToken);
        string? next = hasMore && runs.Count > 0 ? new Links(request).Runs(query.Limit, runs[^1].RunId) : null;
        DateTimeOffset now = Now;
        return DocumentResult.Of(StatusCodes.Status200OK, new StatusPage([.. runs.Select(r => StatusDocuments.ItemOf(r, now))], next),
            ApiJson.Default.StatusPage);
    });

    private static ProblemException Unknown() => Problems.NotFound("There is no run with that id. GET /api/runs lists them.");

    private async Task<RunSummary?> FindAsync(string id, CancellationToken cancellationToken) =>
        RunId.IsOne(id) ? await Status.TryFindAsync(id, cancellationToken) : null;

    private StatusDocument DocumentOf(RunSummary run)
    {
        if (run.Damage is { } damage)
            ApiLogs.Damaged(services.GetRequiredService<ILogger<ApiLog>>(), run.RunId, damage);
        return StatusDocuments.OfRun(run, Now);
    }
}
