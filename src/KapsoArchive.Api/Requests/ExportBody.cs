using System.ComponentModel.DataAnnotations;

namespace KapsoArchive.Api.Requests;

/// <summary>Describes the body of an export request in the OpenAPI document. <see cref="ExportBodyReader"/> reads it, because it reports
/// all errors at once.</summary>
[Description("What to export.")]
internal sealed record ExportBody
{
    [Description("Conversation ids, 1 to 10,000, or the word all. Required, unless contact is given.")]
    public JsonElement? Conversations { get; init; }

    [Description("All conversations of one contact: a name, a telephone number in any spelling, a user name or an id, as the archive " +
        "knows it. Absent or null for conversations.")]
    public string? Contact { get; init; }

    [Description("Only messages created at this time or later: ISO 8601 with an offset, for example 2026-03-01T00:00:00Z. Absent or " +
        "null for no lower bound.")]
    public DateTimeOffset? From { get; init; }

    [Description("Only messages created before this time, in the same form. Absent or null for no upper bound.")]
    public DateTimeOffset? To { get; init; }

    [Description("parquet, jsonl, csv, html, xlsx, or several; html and xlsx include parquet. Absent or null for the formats of the " +
        "setting Archive:Formats.")]
    public IReadOnlyList<string>? Formats { get; init; }

    [Description("Whether to make one zip of the files too, with readable names and SHA256SUMS. Absent or null for no.")]
    public bool? Zip { get; init; }

    [Description("kapso; archive: what the archive has, without a request to Kapso; or both: what the archive has, and what Kapso has " +
        "besides. If Kapso cannot be asked, both is the archive alone. Absent or null for kapso.")]
    [AllowedValues("kapso", "archive", "both", null)]
    public string? Source { get; init; }

    [Description("present: each message as it is now; all: also what was edited and removed, which needs the source archive or both. " +
        "Absent or null for present.")]
    [AllowedValues("present", "all", null)]
    public string? Versions { get; init; }

    [Description("all: also the files behind the messages; none: leaves them out. Absent or null for all.")]
    [AllowedValues("all", "none", null)]
    public string? Media { get; init; }

    [Description("Only messages of these directions: inbound, outbound. Absent or null for both.")]
    public IReadOnlyList<string>? Directions { get; init; }

    [Description("Only messages of these types, for example text and image. Absent or null for all.")]
    public IReadOnlyList<string>? Types { get; init; }

    [Description("An https URL on the internet that is called once the export has ended, with its status as body. The header " +
        "Kapso-Archive-Signature proves the sender. Absent or null for none. The server needs the setting Api:CallbackSecret.")]
    public Uri? CallbackUrl { get; init; }

    [Description("The zone of the times in HTML documents, by its name in the tz database, such as America/Lima; UTC stands beside each " +
        "time. Absent or null for UTC.")]
    public string? TimeZone { get; init; }
}
