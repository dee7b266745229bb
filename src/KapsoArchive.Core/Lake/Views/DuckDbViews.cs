namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for DuckDB.</summary>
internal static class DuckDbViews
{
    public static string Script(LakeLocation location)
    {
        ViewQueries queries = new();
        string manifests = SqlText.Quote($"{location.ForDuckDb}/{(location.IsExport ? RunLayout.ExportManifest : "_manifests/*.json")}");
        return $"""
            -- The views of a KapsoArchive lake, for DuckDB 1.5 and later. On a folder this script is run by the project's tests; reading a container was written
            -- from the documentation of DuckDB's azure extension and not run.
            -- Run it: duckdb lake.duckdb < views.sql    and then: duckdb lake.duckdb "FROM messages_current"
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read the records with
            -- read_json('…/messages_jsonl/*/*.jsonl.gz') WHERE _archive.run_id IN (SELECT run_id FROM committed_runs).

            {Access(location)}{ViewQueries.ReadsCommittedRuns}
            CREATE OR REPLACE VIEW committed_runs AS
            SELECT DISTINCT run_id FROM read_json({manifests}, columns = {"{'run_id': 'VARCHAR', 'status': 'VARCHAR'}"}, maximum_object_size = 134217728)
            WHERE status <> 'Failed';

            -- All versions of all messages.
            {Table(Datasets.Messages, location, queries)}

            {Table(Datasets.Conversations, location, queries)}

            {ViewQueries.CurrentIs}
            CREATE OR REPLACE VIEW messages_current AS
            {queries.Current};

            {ViewQueries.HistoryIs}
            CREATE OR REPLACE VIEW message_history AS
            {queries.History};

            {ViewQueries.ConversationsAre}
            CREATE OR REPLACE VIEW conversations_current AS
            {queries.Conversations};

            """;
    }

    private static string Access(LakeLocation location) => location.Account is not { } account ? "" : $"""
        -- As whoever is signed in (az login, a managed identity), with the role Storage Blob Data Reader. These three statements are needed in every session.
        INSTALL azure;
        LOAD azure;
        CREATE OR REPLACE SECRET kapso_archive (TYPE azure, PROVIDER credential_chain, ACCOUNT_NAME {SqlText.Quote(account)});


        """;

    /// <summary>No row, but every column that a lake of only older files lacks. A filter still reaches the files.</summary>
    private static string LaterColumns<TRow>(Dataset<TRow> dataset)
    {
        IEnumerable<string> columns = dataset.Columns.Where(column => column.Since > 1).Select(column => $"NULL::{TypeOf(column)} AS {column.Name}");
        return $"SELECT {string.Join(", ", columns)} WHERE FALSE";
    }

    private static string TypeOf<TRow>(Column<TRow> column) => column switch
    {
        TimestampColumn<TRow> => "TIMESTAMPTZ",
        CountColumn<TRow> => "BIGINT",
        _ => "VARCHAR",
    };

    private static string Table<TRow>(Dataset<TRow> dataset, LakeLocation location, ViewQueries queries)
    {
        string parts = SqlText.Quote($"{location.ForDuckDb}/{dataset.Name}/{(location.IsExport ? "" : $"{SqlColumns.Partition}=*/")}*.parquet");
        string partition = location.IsExport ? $"archived_at::DATE AS {SqlColumns.Partition}" : SqlColumns.Partition;
        return $"""
            CREATE OR REPLACE VIEW {dataset.Name} AS
            SELECT {OlderJson.Select(dataset, OlderJson.ForDuckDb, partition)}
            FROM (
              FROM read_parquet({parts}, hive_partitioning = {(location.IsExport ? "false" : "true")}, union_by_name = true)
              UNION ALL BY NAME {LaterColumns(dataset)})
            WHERE {queries.Committed};
            """;
    }
}
