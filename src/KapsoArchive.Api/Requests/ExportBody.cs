using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Requests;

/// <summary>Describes the body of an export request in the OpenAPI document. <see cref="ExportBodyReader"/> reads it, because it reports
/// all errors at once.</summary>
[Description("What to export.")]
internal sealed record ExportBody
{
    [Description("Conversation ids, 1 to 10,000, or the word all.")]
    public required JsonElement Conversations { get; init; }

    [Description("Only messages created at this time or later: ISO 8601 with an offset, for example 2026-03-01T00:00:00Z. Absent or " +
        "null for no lower bound.")]
    public DateTimeOffset? From { get; init; }

    [Description("Only messages created before this time, in the same form. Absent or null for no upper bound.")]
    public DateTimeOffset? To { get; init; }

    [Description("parquet, jsonl, csv, html, or several; html includes parquet. Absent or null for the formats of the setting " +
        "Archive:Formats.")]
    public IReadOnlyList<string>? Formats { get; init; }

    [Description("kapso, or archive: what the archive has, without a request to Kapso. Absent or null for kapso.")]
    [AllowedValues("kapso", "archive", null)]
    public string? Source { get; init; }

    [Description("The zone of the times in HTML documents, by its name in the tz database, such as America/Lima; UTC stands beside each " +
        "time. Absent or null for UTC.")]
    public string? TimeZone { get; init; }
}
