namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for Databricks SQL. Unlike those of plain Spark they are persistent.</summary>
internal static class DatabricksViews
{
    public static string Script(LakeLocation location)
    {
        ViewQueries queries = new();
        string manifests = SqlText.QuoteForSpark($"{location.ForDatabricks}/_manifests/*.json");
        return $"""
            -- The views of a KapsoArchive lake, for Databricks SQL and Databricks Runtime 13.3 LTS and later. Written from its
            -- documentation, and not run by the project's tests.
            -- Run it: in the SQL editor, or in a notebook, in the catalog and schema for the views. The container must be an
            -- external location on which the reader has READ FILES.
            -- Assumes that read_files expands a path below _manifests: names that begin with _ are hidden where a folder is listed, and
            -- these names do not.
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read
            -- messages_jsonl with read_files and format 'json'.

            {ViewQueries.ReadsCommittedRuns}
            {ViewQueries.AnyOrder}
            CREATE OR REPLACE VIEW committed_runs AS
            SELECT DISTINCT run_id
            FROM read_files({manifests}, format => 'json', multiLine => true, schema => 'run_id STRING, status STRING')
            WHERE status <> '{Manifest.Closed}';

            -- All versions of all messages.
            {Table(Datasets.Messages, location, queries)}

            {Table(Datasets.Conversations, location, queries)}

            {queries.State("CREATE OR REPLACE VIEW ")}
            """;
    }

    private static string Table<TRow>(Dataset<TRow> dataset, LakeLocation location, ViewQueries queries) => $"""
        CREATE OR REPLACE VIEW {dataset.Name} AS
        SELECT {OlderJson.Select(dataset, OlderJson.ForSpark)}
        FROM read_files({SqlText.QuoteForSpark($"{location.ForDatabricks}/{dataset.Name}")}, format => 'parquet',
          partitionColumns => '{SqlColumns.Partition}',
          schema => '{SqlColumns.ForSpark(dataset, ", ")}')
        WHERE {queries.Committed};
        """;
}
