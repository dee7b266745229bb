using System.Buffers;
using KapsoArchive.Core.Inspection.Conversations;
using KapsoArchive.Core.Inspection.Reports;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>The archive in a browser: a start page with status and forms, and the pages that it links to. Its actions are those of the
/// API.</summary>
public sealed class FrontDoorViews(IServiceProvider services)
{
    // Resolved while answering, so that a wrong setting becomes an answer.
    private ExportDesk Desk => services.GetRequiredService<ExportDesk>();

    /// <summary>Shows the start page, for a host that requires a key for every request.</summary>
    public Task<IResult> ShowAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ShowAsync(request, Visitor.WithKey, cancellationToken);

    /// <summary>Handles a form of the start page, for a host that requires a key for every request.</summary>
    public Task<IResult> ActAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ActAsync(request, Visitor.WithKey, cancellationToken);

    /// <summary>Shows the start page.</summary>
    public Task<IResult> ShowAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services,
            () => PageAsync(
                visitor, StatusCodes.Status200OK, ExportForm.Fresh(DefaultFormats(), request), notice: null, cancellationToken),
            ProblemOf(request, visitor));

    /// <summary>Handles a form of the start page.</summary>
    public Task<IResult> ActAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken) =>
        AnswerAsync(request, visitor, async () =>
    {
        IFormCollection form = await SubmittedForm.ReadAsync(request, visitor, cancellationToken);
        string id = form["id"].ToString();
        return form["do"].ToString() switch
        {
            ExportForm.Action => await ExportAsync(request, visitor, ExportForm.Of(form), cancellationToken),
            "run" => await RunAsync(request, visitor, cancellationToken),
            "cancel" => await CancelAsync(request, visitor, id, cancellationToken),
            "report" => await ReportAsync(id, cancellationToken),
            "file" => await services.GetRequiredService<ExportFiles>().OfAsync(request, id, form["path"].ToString(), cancellationToken),
            _ => throw Problems.BadRequest("The form asks for an unknown action. Open the page again, and send the form from there."),
        };
    });

    /// <summary>Shows a run's report.</summary>
    public Task<IResult> ReportAsync(HttpRequest request, Visitor visitor, string id, CancellationToken cancellationToken) =>
        AnswerAsync(request, visitor, () => ReportAsync(id, cancellationToken));

    /// <summary>Shows a document of an export, or sends another file of it.</summary>
    /// <param name="path">As the manifest gives it, or <c>manifest.json</c>.</param>
    public Task<IResult> FileAsync(HttpRequest request, Visitor visitor, string id, string path, CancellationToken cancellationToken) =>
        AnswerAsync(request, visitor, () => services.GetRequiredService<ExportFiles>().ShowAsync(request, id, path, cancellationToken));

    private async Task<IResult> ExportAsync(HttpRequest request, Visitor visitor, ExportForm form, CancellationToken cancellationToken)
    {
        try
        {
            RunRequest export = await services.GetRequiredService<ProjectArchive>().SettleAsync(
                ExportBodyReader.Read(form.ToBody(), DefaultFormats), cancellationToken);
            ProgressDocument record = await Desk.CreateAsync(export, form.OperationId, cancellationToken);
            return Done(request, visitor, record.RunId);
        }
        catch (ProblemException e) when (e.Problem.Errors is not null)
        {
            return await PageAsync(visitor, e.Problem.Status, form.With(e.Problem), "No export was started: a field is wrong.",
                cancellationToken);
        }
        catch (OperationConflictException)
        {
            const string Changed = "This form was already sent with other fields, and that export was started. Send it again to start " +
                "this export too.";
            return await PageAsync(visitor, StatusCodes.Status409Conflict, form with { OperationId = ExportForm.NewOperation() }, Changed,
                cancellationToken);
        }
    }

    private async Task<IResult> RunAsync(HttpRequest request, Visitor visitor, CancellationToken cancellationToken)
    {
        if (!services.GetRequiredService<NightlyRequest>().IsSet)
            throw Problems.NotConfigured("Archive:Conversations (environment Archive__Conversations) is missing on the server, so it " +
                "does not know what to archive.");
        NightlyStart start = await services.GetRequiredService<NightlyDesk>().StartAsync("http", cancellationToken);
        return start is { Outcome: NightlyOutcome.Begun, RunId: { } runId }
            ? Done(request, visitor, runId)
            : await PageAsync(visitor, StatusCodes.Status409Conflict, ExportForm.Fresh(DefaultFormats(), request),
                $"No run was started. {start.Reason}", cancellationToken);
    }

    private async Task<IResult> CancelAsync(HttpRequest request, Visitor visitor, string id, CancellationToken cancellationToken)
    {
        try
        {
            _ = await Desk.CancelAsync(id, cancellationToken) ?? throw Problems.NotFound("There is no export with that id.");
        }
        catch (ExportEndedException)
        {
            // The page shows its status.
        }

        return Done(request, visitor, id);
    }

    private async Task<IResult> ReportAsync(string id, CancellationToken cancellationToken) =>
        RunId.IsOne(id) && await services.GetRequiredService<RunReports>().TryPageAsync(id, cancellationToken) is { } page
            ? new HtmlResult(RunReports.HeadOf(id), page) { FileName = $"kapso-archive-{id}.html" }
            : throw Problems.NotFound("There is no run with that id.");

    /// <summary>Redirects to the start page, so that a reload does not repeat the action. If the address may contain a key, the target is
    /// only a fragment: the browser keeps the rest, and the server does not write the key.</summary>
    private static DocumentResult Done(HttpRequest request, Visitor visitor, string id) =>
        DocumentResult.SeeOther(visitor.HasLinks ? SignInViews.HomeOf(request) : $"#{FrontDoorList.AnchorOf(id)}");

    private async Task<IResult> PageAsync(Visitor visitor, int status, ExportForm form, string? notice, CancellationToken cancellationToken)
    {
        (DateTimeOffset now, Manifest? latest, ArchiveTotals? archived, string? damage, IReadOnlyList<FrontDoorItem> items) =
            await services.GetRequiredService<FrontDoorState>().ReadAsync(cancellationToken);
        bool hasNightly = services.GetRequiredService<NightlyRequest>().IsSet;
        string? origin = Uri.TryCreate(services.GetRequiredService<IStore>().Location, UriKind.Absolute, out Uri? uri)
            && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null;
        var view = new FrontDoorView(visitor, now, latest, archived, items, hasNightly, origin, form)
        {
            Schedule = hasNightly ? Schedule() : null,
            Damage = damage,
            Notice = notice ?? services.GetRequiredService<Readiness>().SettingsProblem(),
        };
        var page = new ArrayBufferWriter<byte>();
        HtmlHead head = new StartView(new HtmlWriter(page), view).Write();
        return new HtmlResult(head, page.WrittenMemory) { Status = status };
    }

    private Task<IResult> AnswerAsync(HttpRequest request, Visitor visitor, Func<Task<IResult>> make) =>
        Answer.OfAsync(request, services, make, ProblemOf(request, visitor));

    private static Func<ProblemException, IResult> ProblemOf(HttpRequest request, Visitor visitor) =>
        e => ProblemView.Of(e.Problem, visitor.HasLinks ? SignInViews.HomeOf(request) : null);

    /// <summary>Null if it is missing or wrong, which the page says elsewhere.</summary>
    private NightlySchedule? Schedule()
    {
        try
        {
            return services.GetService<NightlySchedule>();
        }
        catch (SettingException)
        {
            return null;
        }
    }

    private IReadOnlyList<PartFormat> DefaultFormats() => services.GetRequiredService<ProjectArchive>().DefaultFormats;
}
