namespace KapsoArchive.Api.Documents;

/// <summary>Used only for the OpenAPI document: the manifest is sent byte for byte as stored.</summary>
[Description("The list of a committed run's files, with counts and hashes. It can have other members.")]
internal sealed record SnapshotManifest(
    [property: JsonPropertyName("schema_version")] int SchemaVersion,
    [property: JsonPropertyName("run_id")] string RunId,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("trigger"), Description("What started the run: cli, timer or http.")] string Trigger,
    [property: JsonPropertyName("status"), Description("Succeeded or PartiallySucceeded.")] string Status,
    [property: JsonPropertyName("started_at")] DateTimeOffset StartedAt,
    [property: JsonPropertyName("finished_at")] DateTimeOffset FinishedAt,
    [property: JsonPropertyName("source")] JsonElement Source,
    [property: JsonPropertyName("request")] JsonElement Request,
    [property: JsonPropertyName("discovery"), Description("How the list of conversations was read: complete, reason, listed, reported. " +
        "Null if the run did not read it.")] JsonElement? Discovery,
    [property: JsonPropertyName("totals"),
        Description("Conversations, rows, sweeps, requests, retries, throttled, bytes, odd values.")] JsonElement Totals,
    [property: JsonPropertyName("files")] IReadOnlyList<SnapshotFile> Files,
    [property: JsonPropertyName("incomplete"),
        Description("The conversations that are incomplete, gone or failed, each with the reason.")] IReadOnlyList<JsonElement> Incomplete,
    [property: JsonPropertyName("previous"), Description("The committed run before this one; null for the first.")] JsonElement? Previous);

/// <summary>Used only for the OpenAPI document.</summary>
[Description("A file of the lake.")]
internal sealed record SnapshotFile(
    [property: JsonPropertyName("path"), Description("Relative to the data area.")] string Path,
    [property: JsonPropertyName("dataset")] string Dataset,
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("rows")] long Rows,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("sha256")] string Sha256,
    [property: JsonPropertyName("min_created_at")] DateTimeOffset? MinCreatedAt,
    [property: JsonPropertyName("max_created_at")] DateTimeOffset? MaxCreatedAt);
