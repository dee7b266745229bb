namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for Spark SQL: of Spark itself over the parts, of Fabric over the Delta tables.</summary>
internal static class SparkViews
{
    public static string ScriptForSpark(LakeLocation location)
    {
        ViewQueries queries = new();
        return $"""
            -- The views of a KapsoArchive lake, for Apache Spark 3.5 and later. Written from its documentation, and not run by the
            -- project's tests.
            -- Run it: spark-sql -i views.sql    (a container also needs hadoop-azure and the account's credentials)
            -- The views last as long as the session. Spark lists files when it makes manifests, messages_parts and conversations_parts, in
            -- this order: manifests before parts, so that a run which is being published is seen whole or not at all. Run the whole script
            -- again to see newer runs, and refresh no view alone.
            -- A folder of parts is read by its partitions, never bare: it also has the log of a Delta table.
            {HiddenNames}
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read
            -- messages_jsonl/snapshot_date=* USING json, with its columns.

            {ViewQueries.ReadsCommittedRuns}
            {Manifests(location)}

            -- All versions of all messages.
            {Table(Datasets.Messages, location, queries)}

            {Table(Datasets.Conversations, location, queries)}

            {queries.State(Create)}
            """;
    }

    public static string ScriptForFabric(LakeLocation location) => $"""
        -- The views of a KapsoArchive lake, for a notebook of Microsoft Fabric (runtime 1.3, Spark 3.5). Written from its documentation,
        -- and not run by the project's tests.
        -- Run it: in a cell that begins with %%sql, as a user with the role Storage Blob Data Reader on the container. Where the lakehouse
        -- has a shortcut to the container, the paths may begin with Files/NAME in its place.
        -- The views last as long as the session.
        {HiddenNames}
        -- Needs one committed run at least. A lake of JSONL only has no folder messages: its table is empty; read
        -- messages_jsonl/snapshot_date=* USING json, with its columns.

        {ViewQueries.ReadsCommittedRuns}
        {Manifests(location)}

        {DeltaViews.Script(Create, location.ForFabric)}
        """;

    private const string Create = "CREATE OR REPLACE TEMPORARY VIEW ";

    private const string HiddenNames = """
        -- Assumes that Spark expands a path below _manifests: it leaves out names that begin with _ where it lists a folder, and these
        -- names do not.
        """;

    private static string Manifests(LakeLocation location) => $"""
        {Create}manifests (run_id STRING, kind STRING, status STRING)
        USING json OPTIONS (path {SqlText.QuoteForSpark($"{location.PatternForSpark}/_manifests/*.json")}, multiLine 'true');

        {Create}committed_runs AS
        SELECT DISTINCT run_id FROM manifests WHERE {ViewQueries.IsCommit};
        """;

    private static string Table<TRow>(Dataset<TRow> dataset, LakeLocation location, ViewQueries queries) => $"""
        {Create}{dataset.Name}_parts (
          {SqlColumns.ForSpark(dataset, ",\n  ")},
          {SqlColumns.Partition} DATE)
        USING parquet OPTIONS (
          path {SqlText.QuoteForSpark($"{location.PatternForSpark}/{dataset.Name}/{SqlColumns.Partition}=*")},
          basePath {SqlText.QuoteForSpark($"{location.ForSpark}/{dataset.Name}")});

        {Create}{dataset.Name} AS
        SELECT {OlderJson.Select(dataset, OlderJson.ForSpark)}
        FROM {dataset.Name}_parts
        WHERE {queries.Committed};
        """;
}
