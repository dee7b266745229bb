namespace KapsoArchive.Core.Lake.Views;

/// <summary>The queries of the views over <c>messages</c> and <c>conversations</c>, in SQL common to all engines.</summary>
/// <param name="schema">The prefix of a view's name: empty, or <c>dbo.</c></param>
/// <param name="yes">The engine's literal for true.</param>
/// <param name="no">Its literal for false.</param>
internal sealed class ViewQueries(string schema = "", string yes = "TRUE", string no = "FALSE")
{
    public const string ReadsCommittedRuns = $"""
        -- A run is committed by its manifest: parts of a run without one are not read. A manifest of status {Manifest.Closed} closes a run
        -- that cannot be finished, and names no file: parts of that run are not read either. Manifests of other kinds commit no run.
        """;

    /// <summary>What the manifest of a committed run says.</summary>
    public const string IsCommit = $"kind = 'archive' AND status <> '{Manifest.Closed}'";

    /// <summary>For an engine that may list the parts before the manifests.</summary>
    public const string AnyOrder = """
        -- No order is promised in which the engine lists files. To read while a run is being published, read the newest committed run
        -- first, and only rows up to it in the next statement: SELECT MAX(run_id) FROM committed_runs, then messages WHERE run_id <= that
        -- id (docs/queries.md has the queries).
        """;

    private const string CurrentIs = """
        -- The present state: the newest version of each message, without those that were removed. A conversation is in order, null first,
        -- by created_at, first_run_id, first_position, id: the two are those of a message's first version, so a later version does not move
        -- it.
        """;

    private const string HistoryIs = """
        -- Every version of each message, the first as 1. valid_to is null for the newest. is_current is true for exactly the rows of
        -- messages_current, so it is false in all versions of a message that was removed.
        """;

    private const string ConversationsAre = """
        -- The latest proof of each conversation: whether it is complete, and why not. What the source's list says of it is as it was last
        -- said: a run that reads a conversation by id does not ask the list.
        """;

    /// <summary>The columns that come from the source's list.</summary>
    private static readonly string[] FromList = ["phone_number", "contact_name", "business_scoped_user_id", "username", "status",
        "last_active_at", "extra"];

    private const string Versions = "OVER (PARTITION BY conversation_id, id ORDER BY run_id)";

    private const string NewestFirst = "PARTITION BY conversation_id, id ORDER BY run_id DESC";

    /// <summary>The first version uses the same window order as the newest: a second sort makes DuckDB 50 % slower.</summary>
    private const string ToFirst = $"OVER ({NewestFirst} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)";

    /// <summary>The statements that create the views of the present state, the history and the proofs.</summary>
    /// <param name="create">What precedes the name of a view: <c>CREATE OR REPLACE VIEW </c>.</param>
    /// <param name="end">What follows the semicolon of each statement.</param>
    public string State(string create, string end = "") => $"""
        {CurrentIs}
        {create}messages_current AS
        {Current};{end}

        {HistoryIs}
        {create}message_history AS
        {History};{end}

        {ConversationsAre}
        {create}conversations_current AS
        {Conversations};{end}

        """;

    public string Committed => $"run_id IN (SELECT run_id FROM {schema}committed_runs)";

    private string Current => $"""
        SELECT {SqlColumns.Names(Datasets.Messages)}, first_run_id, first_position
        FROM (
          SELECT m.*, ROW_NUMBER() OVER ({NewestFirst}) AS newest,
            LAST_VALUE(run_id) {ToFirst} AS first_run_id,
            LAST_VALUE(position) {ToFirst} AS first_position
          FROM {schema}messages AS m) AS ranked
        WHERE newest = 1 AND change <> 'removed'
        """;

    private string History => $"""
        SELECT {SqlColumns.Names(Datasets.Messages)},
          FIRST_VALUE(run_id) {Versions} AS first_run_id,
          FIRST_VALUE(position) {Versions} AS first_position,
          ROW_NUMBER() {Versions} AS version,
          archived_at AS valid_from,
          LEAD(archived_at) {Versions} AS valid_to,
          CASE WHEN LEAD(run_id) {Versions} IS NULL AND change <> 'removed' THEN {yes} ELSE {no} END AS is_current
        FROM {schema}messages
        """;

    private static readonly string AllColumns = string.Join(", ", Datasets.Conversations.Columns
        .Select(c => FromList.Contains(c.Name) ? $"last_{c.Name} AS {c.Name}" : c.Name)
        .Append(SqlColumns.Partition));

    private static readonly string LastValues = string.Concat(FromList.Select(
        c => $",\n    MAX(CASE WHEN run_id = run_of_{c} THEN {c} END) OVER (PARTITION BY conversation_id) AS last_{c}"));

    private static readonly string LastRuns = string.Concat(FromList.Select(
        c => $",\n      MAX(CASE WHEN {c} IS NOT NULL THEN run_id END) OVER (PARTITION BY conversation_id) AS run_of_{c}"));

    /// <summary>For each column from the list, finds the last run that had a value, and that value. Works without IGNORE NULLS.</summary>
    private string Conversations => $"""
        SELECT {AllColumns}
        FROM (
          SELECT ranked.*{LastValues}
          FROM (
            SELECT c.*, ROW_NUMBER() OVER (PARTITION BY conversation_id ORDER BY run_id DESC) AS newest{LastRuns}
            FROM {schema}conversations AS c) AS ranked) AS known
        WHERE newest = 1
        """;
}
