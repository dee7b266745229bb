namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for Spark SQL, for Spark itself and for Fabric.</summary>
internal static class SparkViews
{
    public static string ScriptForSpark(LakeLocation location) => Script(location.ForSpark, """
        -- The views of a KapsoArchive lake, for Apache Spark 3.5 and later. Written from its documentation, and not run by the project's
        -- tests.
        -- Run it: spark-sql -i views.sql    (with hadoop-azure and the account's credentials configured, where the lake is a container)
        """);

    public static string ScriptForFabric(LakeLocation location) => Script(location.ForFabric, """
        -- The views of a KapsoArchive lake, for a notebook of Microsoft Fabric (runtime 1.3, Spark 3.5). Written from its documentation,
        -- and not run by the project's tests.
        -- Run it: in a cell that begins with %%sql, as a user with the role Storage Blob Data Reader on the container. Where the lakehouse
        -- has a shortcut to the container, the paths may begin with Files/NAME in its place.
        """);

    private static string Script(string lake, string header)
    {
        ViewQueries queries = new();
        return $"""
            {header}
            -- The views last as long as the session. Spark lists files when it makes manifests, messages_parts and conversations_parts, in
            -- this order: manifests before parts, so that a run which is being published is seen whole or not at all. Run the whole script
            -- again to see newer runs, and refresh no view alone.
            -- Assumes that Spark expands a path below _manifests: it leaves out names that begin with _ where it lists a folder, and these
            -- names do not.
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read
            -- messages_jsonl USING json.

            {ViewQueries.ReadsCommittedRuns}
            CREATE OR REPLACE TEMPORARY VIEW manifests (run_id STRING, status STRING)
            USING json OPTIONS (path {SqlText.QuoteForSpark($"{lake}/_manifests/*.json")}, multiLine 'true');

            CREATE OR REPLACE TEMPORARY VIEW committed_runs AS
            SELECT DISTINCT run_id FROM manifests WHERE status <> '{Manifest.Closed}';

            -- All versions of all messages.
            {Table(Datasets.Messages, lake, queries)}

            {Table(Datasets.Conversations, lake, queries)}

            {queries.State("CREATE OR REPLACE TEMPORARY VIEW ")}
            """;
    }

    private static string Table<TRow>(Dataset<TRow> dataset, string lake, ViewQueries queries) => $"""
        CREATE OR REPLACE TEMPORARY VIEW {dataset.Name}_parts (
          {SqlColumns.ForSpark(dataset, ",\n  ")},
          {SqlColumns.Partition} DATE)
        USING parquet OPTIONS (path {SqlText.QuoteForSpark($"{lake}/{dataset.Name}")});

        CREATE OR REPLACE TEMPORARY VIEW {dataset.Name} AS
        SELECT {OlderJson.Select(dataset, OlderJson.ForSpark)}
        FROM {dataset.Name}_parts
        WHERE {queries.Committed};
        """;
}
