using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Api;

/// <summary>Handles the requests about exports.</summary>
public sealed class ExportsApi(IServiceProvider services)
{
    private const int RetrySeconds = 2;

    // Resolved while answering, so that a wrong setting becomes an answer.
    private ExportDesk Desk => services.GetRequiredService<ExportDesk>();

    private DateTimeOffset Now => services.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary><c>POST /api/exports</c></summary>
    public Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        var archive = services.GetRequiredService<ProjectArchive>();
        string? operationId = OperationId.Of(request);
        using JsonDocument body = await Body.ReadJsonAsync(request, cancellationToken);
        RunRequest export = ExportBodyReader.Read(body.RootElement, () => archive.DefaultFormats);
        if (export.Callback is not null && !services.GetRequiredService<Callbacks>().AreSigned)
            throw Problems.Invalid(ExportBodyReader.CallbackUrl, $"The server cannot sign callbacks. Set {CallbackOptions.Setting} on "
                + "the server, or leave the field out.");
        export = await archive.SettleAsync(await ResolvedAsync(export, cancellationToken), cancellationToken);
        try
        {
            return await AcceptedAsync(request, await Desk.CreateAsync(export, operationId, cancellationToken), cancellationToken);
        }
        catch (OperationConflictException e)
        {
            throw Problems.OperationConflict(e.Message, new Links(request).Export(e.ExportId));
        }
    });

    /// <summary><c>GET /api/exports/{id}</c></summary>
    public Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        ProgressDocument record = await Desk.FindAsync(id, cancellationToken) ?? throw Unknown();
        StatusDocument document = await DocumentAsync(request, record, cancellationToken);
        return DocumentResult.Of(StatusCodes.Status200OK, document, ApiJson.Default.StatusDocument,
            retryAfterSeconds: record.HasEnded ? null : RetrySeconds);
    });

    /// <summary><c>GET /api/exports</c></summary>
    public Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Answer.SoonAsync(request, services, async () =>
    {
        PageQuery query = PageQuery.Of(request);
        (IReadOnlyList<ProgressDocument> exports, bool hasMore) = await Desk.ListAsync(query.Before, query.Limit, cancellationToken);
        string? next = hasMore && exports.Count > 0 ? new Links(request).Exports(query.Limit, exports[^1].RunId) : null;
        DateTimeOffset now = Now;
        return DocumentResult.Of(StatusCodes.Status200OK, new StatusPage([.. exports.Select(e => StatusDocuments.ItemOf(e, now))], next),
            ApiJson.Default.StatusPage);
    });

    /// <summary><c>DELETE /api/exports/{id}</c></summary>
    public Task<IResult> CancelAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, async () =>
    {
        _ = new AddressQuery(request);
        try
        {
            ProgressDocument record = await Desk.CancelAsync(id, cancellationToken) ?? throw Unknown();
            return await AcceptedAsync(request, record, cancellationToken);
        }
        catch (ExportEndedException e)
        {
            throw Problems.Ended(e.Message);
        }
    });

    /// <summary><c>GET /api/exports/{id}/files/{path}</c></summary>
    /// <param name="path">As the manifest gives it, or <c>manifest.json</c>. Servers leave an escaped slash escaped.</param>
    public Task<IResult> FileAsync(HttpRequest request, string id, string path, CancellationToken cancellationToken) =>
        Answer.OfAsync(request, services, () =>
    {
        _ = new AddressQuery(request);
        return services.GetRequiredService<ExportFiles>().OfAsync(request, id, path, cancellationToken);
    });

    /// <summary>Finds the contact that the request names.</summary>
    private async Task<RunRequest> ResolvedAsync(RunRequest export, CancellationToken cancellationToken)
    {
        if (export.Choice is not { Contact.Text: var text, Source: var source } choice)
            return export;
        try
        {
            var store = services.GetRequiredService<IStore>();
            ExportContact contact = await ConversationDirectory.ContactAsync(store, text, source, cancellationToken);
            return export with { Choice = choice with { Contact = contact } };
        }
        catch (SettingException e)
        {
            throw Problems.Invalid(new Dictionary<string, IReadOnlyList<string>> { [ExportBodyReader.Contact] = [e.Message] });
        }
    }

    private static ProblemException Unknown() => Problems.NotFound("There is no export with that id. GET /api/exports lists them.");

    private async Task<IResult> AcceptedAsync(HttpRequest request, ProgressDocument record, CancellationToken cancellationToken)
    {
        string location = new Links(request).Export(record.RunId);
        StatusDocument document = await DocumentAsync(request, record, cancellationToken);
        return DocumentResult.Of(
            StatusCodes.Status202Accepted, document, ApiJson.Default.StatusDocument, location, operationLocation: location,
                retryAfterSeconds: record.HasEnded ? null : RetrySeconds);
    }

    private async Task<StatusDocument> DocumentAsync(HttpRequest request, ProgressDocument record, CancellationToken cancellationToken) =>
        StatusDocuments.OfExport(
        record,
        StatusDocuments.IsCommitted(record) ? await Desk.ManifestAsync(record.RunId, cancellationToken) : null,
        new Links(request),
        Now);
}
