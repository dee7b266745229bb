using KapsoArchive.Core.Inspection.Status;

namespace KapsoArchive.Api.Documents;

/// <summary>Creates the API's status documents of runs and exports.</summary>
internal static class StatusDocuments
{
    private const string Damage = "The stored status of this run is damaged. To find out more: `kapso-archive verify`.";

    /// <param name="record">The export.</param>
    /// <param name="manifest">Its manifest; null before the commit and after the files have expired.</param>
    /// <param name="links">Builds addresses.</param>
    /// <param name="now">For the estimate.</param>
    public static StatusDocument OfExport(ProgressDocument record, Manifest? manifest, Links links, DateTimeOffset now)
    {
        StatusSummary summary = ItemOf(record, now);
        bool isCommitted = IsCommitted(record);
        return Whole(
            summary,
            isCommitted && manifest is not null
                ? new StatusResult(links.File(record.RunId, RunLayout.ExportManifest),
                    [.. manifest.Files.Select(f => FileOf(f, links.File(record.RunId, f.Path)))])
                : null,
            isCommitted && manifest is null);
    }

    /// <summary>The status of an export as the body of its callback.</summary>
    public static byte[] OfCallback(ProgressDocument export, Manifest? manifest, DateTimeOffset now) =>
        JsonSerializer.SerializeToUtf8Bytes(
            OfExport(export, manifest, new Links(default(PathString)), now), ApiJson.Default.StatusDocument);

    public static StatusDocument OfRun(RunSummary run, DateTimeOffset now) => Whole(
        ItemOf(run, now),
        run.Manifest is { } manifest ? new StatusResult(Layout.Manifest(run.RunId), [.. manifest.Files.Select(f => FileOf(f, url: null))])
            : null,
        expired: false);

    /// <summary>Whether it committed a manifest. Its files may have expired since.</summary>
    public static bool IsCommitted(ProgressDocument record) => record.Status is RunStatus.Succeeded or RunStatus.PartiallySucceeded;

    public static StatusSummary ItemOf(ProgressDocument record, DateTimeOffset now) => new()
    {
        Id = record.RunId,
        Kind = record.Kind,
        Status = record.Status.ToString(),
        CreatedAt = record.CreatedAt.UtcDateTime,
        StartedAt = record.StartedAt?.UtcDateTime,
        FinishedAt = record.FinishedAt?.UtcDateTime,
        CancelRequested = record.CancelRequested,
        Request = RequestOf(record.Request),
        Progress = ProgressOf(record, now),
        Error = ErrorOf(record),
    };

    public static StatusSummary ItemOf(RunSummary run, DateTimeOffset now)
    {
        StatusError? damage = run.Damage is null ? null : new StatusError("damaged", Damage);
        if (run.Manifest is { } manifest)
            return OfCommitted(manifest, run, damage);
        if (run.Record is { } record)
            return ItemOf(record, now) is var item && damage is not null ? item with { Error = damage } : item;
        return new StatusSummary
        {
            Id = run.RunId,
            Kind = "archive",
            Status = nameof(RunStatus.Failed),
            CreatedAt = TimeIn(run.RunId),
            StartedAt = null,
            FinishedAt = null,
            CancelRequested = false,
            Request = null,
            Progress = new StatusProgress(new StatusConversations(0, 0, null), 0, 0, 0, null),
            Error = damage,
        };
    }

    /// <summary>The manifest decides for a committed run. The run document, if it still exists, adds the rest.</summary>
    private static StatusSummary OfCommitted(Manifest manifest, RunSummary run, StatusError? damage)
    {
        ProgressConversations conversations = run.Conversations!;
        RowTotals rows = manifest.Totals.Rows;
        return new StatusSummary
        {
            Id = run.RunId,
            Kind = manifest.Kind,
            Status = manifest.Status,
            CreatedAt = (run.Record?.CreatedAt ?? manifest.StartedAt).UtcDateTime,
            StartedAt = manifest.StartedAt.UtcDateTime,
            FinishedAt = manifest.FinishedAt.UtcDateTime,
            CancelRequested = run.Record?.CancelRequested ?? false,
            Request = run.Record is { } record ? RequestOf(record.Request) : RequestOf(manifest.Request),
            Progress = new StatusProgress(
                new StatusConversations(conversations.Done, conversations.Failed, conversations.Total),
                Math.Max(run.Record?.Progress.Messages ?? 0, rows.Added + rows.Changed), // The record may lag behind.
                manifest.Totals.Requests,
                manifest.Totals.Throttled,
                EstimatedCompletion: null),
            Error = damage,
        };
    }

    private static StatusDocument Whole(StatusSummary summary, StatusResult? result, bool expired) => new()
    {
        Id = summary.Id,
        Kind = summary.Kind,
        Status = summary.Status,
        CreatedAt = summary.CreatedAt,
        StartedAt = summary.StartedAt,
        FinishedAt = summary.FinishedAt,
        CancelRequested = summary.CancelRequested,
        Request = summary.Request,
        Progress = summary.Progress,
        Error = summary.Error,
        Result = result,
        Expired = expired,
    };

    private static StatusRequest RequestOf(ProgressRequest request) =>
        new(request.Conversations, request.Listed, request.From?.UtcDateTime, request.To?.UtcDateTime, request.Formats, request.Full);

    private static StatusRequest RequestOf(ManifestRequest request) =>
        new(request.Conversations, Listed: null, request.From?.UtcDateTime, request.To?.UtcDateTime, request.Formats, request.Full);

    private static StatusProgress ProgressOf(ProgressDocument record, DateTimeOffset now)
    {
        (ProgressConversations conversations, long messages, long requests, long throttled) = record.Progress;
        return new StatusProgress(new StatusConversations(conversations.Done, conversations.Failed, conversations.Total), messages,
            requests, throttled, Estimate.Of(record, now)?.UtcDateTime);
    }

    private static StatusError? ErrorOf(ProgressDocument record) => record.Error is not { } message
        ? null
        : new StatusError(
            record switch
            {
                { Interrupted: true } => "interrupted",
                { Status: RunStatus.Canceled } => "canceled",
                { Status: RunStatus.Failed } => "failed",
                _ => null,
            },
            message);

    private static StatusFile FileOf(ManifestFile file, string? url) =>
        new(file.Path, file.Dataset, file.Format, file.Rows, file.Bytes, file.Sha256, url);

    private static DateTime TimeIn(string runId) =>
        DateTime.TryParseExact(runId[..16], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time)
            ? time
            : DateTime.UnixEpoch;
}
