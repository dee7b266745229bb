namespace KapsoArchive.Tests.Documents;

/// <summary>What each member of a manifest holds, in words.</summary>
internal static class ManifestWords
{
    public static IReadOnlyDictionary<string, string> Of { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["schema_version"] = "The version of this dictionary that the files follow.",
        ["run_id"] = "The run: UTC start, a hyphen, 8 hex digits. Ids sort by time.",
        ["kind"] = "`archive` or `export`.",
        ["trigger"] = "What started the run: `cli`, `timer`, `http`.",
        ["status"] = "`Succeeded`, or `PartiallySucceeded` if a conversation is incomplete or failed, or the list of conversations was " +
            "not proven complete. `Failed` if the run could not be published: it has no files, and readers ignore it.",
        ["started_at"] = "When the run began, by the clocks that agree: [which](completeness.md#what-time-it-is).",
        ["finished_at"] = "When it was committed.",
        ["source"] = "Where the messages come from.",
        ["source.base_url"] = "The API's address.",
        ["source.endpoint"] = "The endpoint that lists messages.",
        ["request"] = "What was requested.",
        ["request.conversations"] = "`all` or `listed`; the conversations dataset names each that was read.",
        ["request.formats"] = "The forms in which messages were written.",
        ["request.full"] = "Whether every conversation was to be read completely.",
        ["request.active_since"] = "Only conversations active since then were requested from the source; null if all or none were " +
            "requested.",
        ["request.source"] = "Exports only: `archive` if it was made from the archive, without a request to the source; `both` if it has " +
            "what either has; otherwise absent.",
        ["request.versions"] = "Exports only: `all` if it has edited and removed messages as well, one row for each version; otherwise " +
            "absent.",
        ["request.contact"] = "Exports only: the contact whose conversations were requested, as it was named; absent for any.",
        ["request.directions"] = "Exports only: the directions of its messages; absent for any.",
        ["request.types"] = "Exports only: the types of its messages; absent for any.",
        ["request.zip"] = "Exports only: `true` if a zip of the files was requested; otherwise absent.",
        ["request.media"] = "Exports only: `none` if the files behind the messages were left out; otherwise absent.",
        ["request.whole_list"] = "Whether the whole list of conversations was requested from the source.",
        ["request.from"] = "Exports only: messages created at this time or later; null for no lower bound.",
        ["request.to"] = "Exports only: messages created before this time; null for no upper bound.",
        ["provenance"] = "Exports only: as of when it speaks, and where its messages come from; absent for a run.",
        ["provenance[].source"] = "`kapso`, `archive` or `both`.",
        ["provenance[].as_of"] = "The start of the run that read these conversations; null if the archive never showed them to be complete.",
        ["provenance[].count"] = "How many conversations.",
        ["provenance[].conversations"] = "Their ids; absent if the export has more than 1,000 conversations. The column `reason` of the " +
            "conversations dataset says it for each.",
        ["discovery"] = "How the list of conversations was read; null if it was not requested, and in manifests of schema versions 1 " +
            "and 2.",
        ["discovery.complete"] = "Whether it was read to an end that its pages prove, and repeated until a reading found nothing new.",
        ["discovery.reason"] = "Why it is not proven complete, or a note on a complete list, such as a wrong count; else null.",
        ["discovery.listed"] = "Conversations in the list.",
        ["discovery.reported"] = "The source's count; null if it gave none.",
        ["discovery.as_of"] = "The next run finds conversations active after this time: `started_at`, or earlier if the clocks " +
            "disagree; null in manifests before it was introduced.",
        ["totals"] = "The run in numbers.",
        ["totals.conversations"] = "Conversations by outcome.",
        ["totals.conversations.complete"] = "Proven complete.",
        ["totals.conversations.incomplete"] = "Read, but not proven complete.",
        ["totals.conversations.gone"] = "Archived, but no longer known to the source.",
        ["totals.conversations.failed"] = "Could not be read.",
        ["totals.rows"] = "Rows by change.",
        ["totals.rows.added"] = "Messages that were new.",
        ["totals.rows.changed"] = "Messages that differ from what was archived.",
        ["totals.rows.removed"] = "Messages that full sweeps of two runs, far enough apart, no longer found.",
        ["totals.rows.rejected"] = "Rejected records; they are in `_rejected`.",
        ["totals.sweeps"] = "How conversations were read.",
        ["totals.sweeps.head"] = "Only the newest messages, as far as the archive and the source's count prove the rest.",
        ["totals.sweeps.full"] = "All messages.",
        ["totals.sweeps.due"] = "Of the full sweeps: those that were due.",
        ["totals.sweeps.due_pages"] = "The pages that the due sweeps read.",
        ["totals.requests"] = "Requests sent to the source.",
        ["totals.retries"] = "Of these, those that were repeated after a fault.",
        ["totals.throttled"] = "Answers 429.",
        ["totals.bytes"] = "Bytes of all files together.",
        ["totals.values"] = "Values that do not fit the schema; null in the manifest of an earlier version.",
        ["totals.values.unfit"] = "Values of the written messages that do not fit their columns: `extra` has them.",
        ["totals.values.repaired"] = "Written messages whose text strict JSON readers refuse, so that it was repaired: the original is " +
            "kept with it.",
        ["totals.values.left_out"] = "Exports of a time range: messages that were read but left out because `created_at` is missing or " +
            "unreadable.",
        ["totals.media"] = "The files behind messages that the run tried to fetch, by outcome; absent if it was to fetch none, and in " +
            "manifests of an earlier version.",
        ["totals.media.stored"] = "Messages whose file is archived now.",
        ["totals.media.waiting"] = "Could not be fetched yet, and are tried again.",
        ["totals.media.gone"] = "The link is dead.",
        ["totals.media.too_large"] = "Larger than `Archive:MaxMediaBytes`.",
        ["totals.media.refused"] = "Refused by the host, or by the program's own rules.",
        ["totals.media.failed"] = "Given up.",
        ["totals.media.bytes"] = "Size of the stored files, each counted once.",
        ["totals.media.untried"] = "Left to the next run, for lack of time.",
        ["warnings"] = "What needs attention although the run succeeded, such as a damaged document or a wrong clock; null if nothing " +
            "does.",
        ["files"] = "Every file of the run but this one.",
        ["files[].path"] = "Relative to the data area, or to the folder of an export.",
        ["files[].dataset"] = "`messages`, `messages_jsonl`, `conversations`, `media`, `_media`, `_rejected`; of exports also `messages_csv`, " +
            "`messages_html`, `messages_xlsx`, `conversations_csv`, `conversations_jsonl`, `zip`.",
        ["files[].format"] = "`parquet`, `jsonl`, `csv`, `html`, `xlsx`, `zip`; of `_media` the file's extension.",
        ["files[].rows"] = "Rows, lines or messages in it; 0 for a list of documents, a zip and a file behind messages.",
        ["files[].bytes"] = "Its size.",
        ["files[].sha256"] = "SHA-256 of its bytes, in hex.",
        ["files[].min_created_at"] = "The oldest message in it; null if none has a time.",
        ["files[].max_created_at"] = "The newest message in it; null if none has a time.",
        ["incomplete"] = "Every conversation that is not `complete`.",
        ["incomplete[].conversation_id"] = "The conversation.",
        ["incomplete[].outcome"] = "`incomplete`, `failed` or `gone`.",
        ["incomplete[].reason"] = "Why, in words.",
        ["incomplete[].reported_count"] = "The source's count on the last page read; null if it gave none.",
        ["incomplete[].distinct_count"] = "Distinct messages read.",
        ["incomplete[].pages"] = "Pages read.",
        ["incomplete[].sweeps"] = "Sweeps of the listing.",
        ["previous"] = "The committed run before this one; null for the first, and in exports.",
        ["previous.run_id"] = "Its id.",
        ["previous.manifest_sha256"] = "SHA-256 of its manifest: the link of the hash chain.",
        ["abandoned"] = "Only if the run is `Failed`: the files that it could not publish. Some may be visible, but readers ignore them.",
        ["abandoned[].path"] = "As in `files`.",
        ["abandoned[].dataset"] = "As in `files`.",
        ["abandoned[].format"] = "As in `files`.",
        ["abandoned[].rows"] = "As in `files`.",
        ["abandoned[].bytes"] = "As in `files`.",
        ["abandoned[].sha256"] = "As in `files`.",
        ["abandoned[].min_created_at"] = "As in `files`.",
        ["abandoned[].max_created_at"] = "As in `files`.",
        ["table_format"] = "`delta`: each Delta table has a commit of this run. Absent in exports, and in manifests of a program without Delta tables.",
    };

    /// <summary>The members that schema version 1 did not have, with the version that brought them and all below them.</summary>
    private static readonly (string Name, int Since)[] Later =
    [
        ("request.full", 2), ("request.active_since", 2), ("request.whole_list", 2), ("request.from", 2), ("request.to", 2), ("request.source", 3), ("request.zip", 3), ("request.media", 3), ("request.versions", 3), ("request.contact", 3),
        ("request.directions", 3), ("request.types", 3), ("provenance", 3), ("totals.sweeps", 2),
        ("discovery", 3), ("totals.values", 3), ("totals.media", 3), ("warnings", 3), ("abandoned", 3), ("table_format", 3),
    ];

    /// <summary>The schema version whose manifests have the member first.</summary>
    public static int SinceOf(string name) =>
        Later.FirstOrDefault(l => name == l.Name || name.StartsWith($"{l.Name}.", StringComparison.Ordinal) || name.StartsWith($"{l.Name}[]", StringComparison.Ordinal)) is { Since: > 0 } later
            ? later.Since
            : 1;
}
