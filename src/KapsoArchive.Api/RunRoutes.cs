using KapsoArchive.Api.Description;
using Microsoft.AspNetCore.Mvc;

namespace KapsoArchive.Api;

/// <summary>Maps and describes the routes of runs and snapshots.</summary>
internal static class RunRoutes
{
    private const string Tag = "Runs";
    private const string RetryAfter = "Retry-After";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/runs", ([FromServices] RunsApi api, HttpRequest request, CancellationToken cancellationToken) =>
            api.StartAsync(request, cancellationToken))
            .Named("startRun", Tag, "Start the nightly run now",
                "Takes no body: the server's settings say what it reads. Only one run is under way at a time.")
            .Answers<StatusDocument>(StatusCodes.Status202Accepted, "The run is accepted.", "Location", "Operation-Location", RetryAfter)
            .Refuses(StatusCodes.Status400BadRequest, "The request has a body or a parameter.")
            .Refuses(StatusCodes.Status409Conflict, "A run is already under way (its URL is in Location), another process is using the " +
                "archive, or the setting Archive:Conversations is missing.", "Location")
            .IsGuarded()
            .MayFail();
        endpoints.MapGet("/api/runs", ([FromServices] RunsApi api, HttpRequest request, CancellationToken cancellationToken) =>
            api.ListAsync(request, cancellationToken))
            .Named("listRuns", Tag, "List runs", "Newest first. The items are status documents without result.")
            .Takes(PageNotes.All)
            .Answers<StatusPage>(StatusCodes.Status200OK, "One page of runs.")
            .Refuses(StatusCodes.Status400BadRequest, "A parameter is wrong; errors names it.")
            .MayFail();
        endpoints.MapGet("/api/runs/{id}", ([FromServices] RunsApi api, HttpRequest request, [Description("The run's id.")] string id,
            CancellationToken cancellationToken) => api.GetAsync(request, id, cancellationToken))
            .Named("getRun", Tag, "Get the status of a run", "Poll it at the pace of Retry-After, until the response has none.")
            .Answers<StatusDocument>(StatusCodes.Status200OK, "The status. It has Retry-After until the run ends.", RetryAfter)
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Refuses(StatusCodes.Status404NotFound, "There is no such run.")
            .MayFail();
        endpoints.MapGet("/api/runs/{id}/report",
            ([FromServices] RunsApi api, HttpRequest request, [Description("The run's id.")] string id,
                CancellationToken cancellationToken) => api.ReportAsync(request, id, cancellationToken))
            .Named("getRunReport", Tag, "Get the report of a run", "A self-contained HTML document to view, print or save: the outcome, " +
                "what is incomplete and what to do, counts, files with hashes, the chain to the previous run.")
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .WithMetadata(new AnswerNote(StatusCodes.Status200OK, "The report, as HTML. It contains no script and loads nothing.",
                "Content-Security-Policy", "Content-Disposition"))
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Refuses(StatusCodes.Status404NotFound, "There is no such run.")
            .MayFail();
        endpoints.MapGet("/api/snapshots/latest", ([FromServices] SnapshotsApi api, HttpRequest request,
            CancellationToken cancellationToken) => api.LatestAsync(request, cancellationToken))
            .Named("getLatestSnapshot", "Snapshots", "Get the newest snapshot's manifest",
                "The manifest of the newest committed run, byte for byte as in the lake. Its member names are in snake_case.")
            .Takes(new ParameterNote("If-None-Match", "header", "The ETag that the client already has."))
            .Answers<SnapshotManifest>(StatusCodes.Status200OK, "The manifest. Its ETag is its SHA-256.", "ETag")
            .Answers(StatusCodes.Status304NotModified, "The snapshot has not changed.", "ETag")
            .Refuses(StatusCodes.Status400BadRequest, "The call takes no parameters; errors names the one that was sent.")
            .Refuses(StatusCodes.Status404NotFound, "No run has been committed yet.")
            .MayFail();
    }
}
