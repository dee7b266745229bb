namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for Synapse serverless SQL.</summary>
internal static class SynapseViews
{
    public static string Script(LakeLocation location)
    {
        ViewQueries queries = new("dbo.", "CAST(1 AS BIT)", "CAST(0 AS BIT)");
        return $"""
            -- The views of a KapsoArchive lake, for Synapse serverless SQL. Written from its documentation, and not run by the project's
            -- tests.
            -- Run it: in a database of your own (CREATE DATABASE lake COLLATE Latin1_General_100_BIN2_UTF8), as a user with the role
            -- Storage Blob Data Reader on the container. snapshot_date is text, as the folders' names are: compare it with text, such as
            -- '2026-11-22', and other days are not read.
            -- Assumes that OPENROWSET reads a folder that is named in full though its name begins with _, as it does for _delta_log.
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read
            -- messages_jsonl/snapshot_date=*/*.jsonl.gz as the manifests are read here, with ROWTERMINATOR = '0x0a' and
            -- DATA_COMPRESSION = 'GZIP'.

            {ViewQueries.ReadsCommittedRuns}
            {ViewQueries.AnyOrder}
            CREATE OR ALTER VIEW dbo.committed_runs AS
            SELECT DISTINCT CAST(JSON_VALUE(m.document, '$.run_id') AS VARCHAR(8000)) COLLATE Latin1_General_100_BIN2_UTF8 AS run_id
            FROM OPENROWSET(
              BULK {SqlText.Quote($"{location.ForSynapse}/_manifests/*.json")},
              FORMAT = 'CSV', FIELDTERMINATOR = '0x0b', FIELDQUOTE = '0x0b', ROWTERMINATOR = '0x0b')
            WITH (document VARCHAR(MAX) COLLATE Latin1_General_100_BIN2_UTF8) AS m
            WHERE JSON_VALUE(m.document, '$.kind') = 'archive' AND JSON_VALUE(m.document, '$.status') <> '{Manifest.Closed}';
            GO

            -- All versions of all messages.
            {Table(Datasets.Messages, location, queries)}
            GO

            {Table(Datasets.Conversations, location, queries)}
            GO

            {queries.State("CREATE OR ALTER VIEW dbo.", "\nGO")}
            """;
    }

    private static string Table<TRow>(Dataset<TRow> dataset, LakeLocation location, ViewQueries queries) => $"""
        CREATE OR ALTER VIEW dbo.{dataset.Name} AS
        SELECT {OlderJson.Select(dataset, OlderJson.ForSynapse, "p.filepath(1) AS " + SqlColumns.Partition)}
        FROM OPENROWSET(
          BULK {SqlText.Quote($"{location.ForSynapse}/{dataset.Name}/{SqlColumns.Partition}=*/*.parquet")},
          FORMAT = 'PARQUET')
        WITH (
          {SqlColumns.ForSynapse(dataset, ",\n  ")}) AS p
        WHERE p.{queries.Committed};
        """;
}
