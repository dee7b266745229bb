namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for Databricks SQL. Unlike those of Spark they are persistent.</summary>
internal static class DatabricksViews
{
    public static string Script(LakeLocation location) => $"""
        -- The views of a KapsoArchive lake, for Databricks SQL and Databricks Runtime 13.3 LTS and later. Written from its
        -- documentation, and not run by the project's tests.
        -- Run it: in the SQL editor, or in a notebook, in the catalog and schema for the views. The container must be an
        -- external location on which the reader has READ FILES.
        -- Assumes that read_files expands a path below _manifests: names that begin with _ are hidden where a folder is listed, and
        -- these names do not.
        -- Needs one committed run at least. A lake of JSONL only has no folder messages: its table is empty; read
        -- messages_jsonl/snapshot_date=* with read_files, format 'json' and a schema.

        {ViewQueries.ReadsCommittedRuns}
        CREATE OR REPLACE VIEW committed_runs AS
        SELECT DISTINCT run_id
        FROM read_files({SqlText.QuoteForSpark($"{location.PatternForDatabricks}/_manifests/*.json")}, format => 'json',
          multiLine => true, schema => 'run_id STRING, kind STRING, status STRING')
        WHERE {ViewQueries.IsCommit};

        {DeltaViews.Script("CREATE OR REPLACE VIEW ", location.ForDatabricks)}
        """;
}
