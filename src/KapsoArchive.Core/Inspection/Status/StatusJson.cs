using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using KapsoArchive.Core.Inspection.Conversations;

namespace KapsoArchive.Core.Inspection.Status;

/// <summary>The state of an archive as one JSON document.</summary>
internal sealed record StatusJson(
    StatusJson.Holder? Lock, StatusJson.Newest? Latest, StatusJson.Nightly? Night, ArchiveTotals? Archive, long? WaitingFiles, int Exports,
    IReadOnlyList<string> Damages, int Total, IEnumerable<StatusJson.Run> Runs)
{
    private static readonly StatusJsonContext Context = new(new JsonSerializerOptions(StatusJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static byte[] Of(StatusReport report) => JsonSerializer.SerializeToUtf8Bytes(
        new StatusJson(
            report.Lock is { } held ? new Holder(held.Host, held.ProcessId, held.Since, held.Purpose) : null,
            report.Latest is { } latest
                ? new Newest(latest.RunId, latest.Manifest, latest.Sha256, latest.FinishedAt, Math.Round(report.Age!.Value.TotalSeconds))
                : null,
            report.Night is { } night
                ? new Nightly(
                    night.RunId, night.Status, night.FinishedAt, report.NightAge is { } age ? Math.Round(age.TotalSeconds) : null)
                : null,
            report.Totals, report.WaitingFiles, report.Exports, report.Damages, report.Total, report.Runs.Select(run => new Run(
                run.RunId, run.Status, run.IsInterrupted, run.StartedAt, run.FinishedAt,
                run.Duration is { } duration ? Math.Round(duration.TotalSeconds, 3) : null,
                run.Conversations, run.Rows, run.Requests, run.Throttled, run.Error))),
        Context.StatusJson);

    /// <summary>Both documents of one run, as stored.</summary>
    public static byte[] Of(RunSummary run) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject { ["record"] = Node(run.Record?.ToJson()), ["manifest"] = Node(run.Manifest?.ToJson()) }, Context.JsonObject);

    private static JsonNode? Node(byte[]? json) => json is null ? null : JsonNode.Parse(json);

    internal sealed record Holder(string Host, int ProcessId, DateTimeOffset Since, string Purpose);

    internal sealed record Newest(string RunId, string Manifest, string Sha256, DateTimeOffset FinishedAt, double AgeSeconds);

    internal sealed record Nightly(string RunId, string? Status, DateTimeOffset? FinishedAt, double? AgeSeconds);

    internal sealed record Run(
        string RunId, string? Status, bool Interrupted, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, double? DurationSeconds,
        ProgressConversations? Conversations, RowTotals? Rows, long? Requests, long? Throttled, string? Error);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatusJson))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class StatusJsonContext : JsonSerializerContext;
