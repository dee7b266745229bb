namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views over the lake's Delta tables, for engines that refuse to read such a folder as plain Parquet.</summary>
internal static class DeltaViews
{
    /// <summary>The UTC day, in any time zone of the session.</summary>
    private const string Day = $"CAST(to_utc_timestamp(archived_at, current_timezone()) AS DATE) AS {SqlColumns.Partition}";

    /// <param name="create">What precedes the name of a view: <c>CREATE OR REPLACE VIEW </c>.</param>
    /// <param name="lake">The location of the lake.</param>
    public static string Script(string create, string lake) => $"""
        -- The Delta tables have the rows of committed runs alone: the log gets one commit for each manifest, just after it. They need a run
        -- of a program that writes the log; the next run of an older archive writes it for all runs before. A filter by archived_at,
        -- created_at, updated_at, run_id or conversation_id opens only the files whose bounds allow it; snapshot_date is computed, and has
        -- no bounds.
        -- A view shows whole runs. The tables get a run one after the other: to read one state in several views, read the same version of
        -- each ({SqlText.Delta("…")} VERSION AS OF n); a version's number is the same run in all of them.

        -- All versions of all messages.
        {Table(Datasets.Messages, create, lake)}

        {Table(Datasets.Conversations, create, lake)}

        -- Each attempt to fetch the file behind a message.
        {Table(Datasets.Media, create, lake)}

        {new ViewQueries().State(create)}
        """;

    private static string Table<TRow>(Dataset<TRow> dataset, string create, string lake) => $"""
        {create}{dataset.Name} AS
        SELECT {OlderJson.Select(dataset, OlderJson.ForSpark, Day)}
        FROM {SqlText.Delta($"{lake}/{dataset.Name}")};
        """;
}
