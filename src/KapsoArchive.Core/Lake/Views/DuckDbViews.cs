namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for DuckDB.</summary>
internal static class DuckDbViews
{
    public static string Script(LakeLocation location)
    {
        ViewQueries queries = new();
        return $"""
            -- The views of a KapsoArchive lake, for DuckDB 1.5 and later. On a folder this script is run by the project's tests; reading a
            -- container was written from the documentation of DuckDB's azure extension and not run.
            -- Run it: duckdb lake.duckdb < views.sql    and then: duckdb lake.duckdb "FROM messages_current"
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read
            -- the records with
            -- FROM committed_runs JOIN read_json('…/messages_jsonl/*/*.jsonl.gz') AS lines ON lines._archive.run_id = committed_runs.run_id

            {Access(location)}{ViewQueries.ReadsCommittedRuns}
            -- committed_files has the files that the manifests name. No other is read. DuckDB lists files in the order of FROM, and
            -- wherever parts are read, this view stands before them: so a run that is being published is seen whole or not at all. It has
            -- GROUP BY, because behind DISTINCT DuckDB reads every column of the parts. chr(92) is the backslash of Windows.
            CREATE OR REPLACE VIEW committed_files AS
            SELECT run_id, named.dataset, named.path, replace({Root(location)} || '/' || named.path, chr(92), '/') AS file
            FROM (
              SELECT run_id, filename, unnest(files) AS named
              FROM read_json({Manifests(location)}, format = 'unstructured', filename = true, maximum_object_size = 134217728,
                columns = {"{'run_id': 'VARCHAR', 'status': 'VARCHAR', 'files': 'STRUCT(dataset VARCHAR, path VARCHAR)[]'}"})
              WHERE status <> '{Manifest.Closed}')
            GROUP BY ALL;

            CREATE OR REPLACE VIEW committed_runs AS
            SELECT run_id FROM committed_files GROUP BY run_id;

            -- All versions of all messages.
            {Table(Datasets.Messages, location)}

            {Table(Datasets.Conversations, location)}

            {queries.State("CREATE OR REPLACE VIEW ")}
            """;
    }

    /// <summary>The same views over files that are known and complete. <c>committed_files</c> has no column <c>file</c>.</summary>
    public static string Over(IReadOnlyList<LakeFile> files)
    {
        IEnumerable<string> rows = files.Select(f =>
            $"({SqlText.Quote(f.RunId)}, {SqlText.Quote(f.Dataset)}, {SqlText.Quote(f.Path)})");
        return $"""
            CREATE TABLE committed_files (run_id VARCHAR, dataset VARCHAR, path VARCHAR);
            {(files.Count == 0 ? "" : $"INSERT INTO committed_files VALUES {string.Join(", ", rows)};")}
            CREATE VIEW committed_runs AS
            SELECT run_id FROM committed_files GROUP BY run_id;

            {Table(Datasets.Messages, files)}

            {Table(Datasets.Conversations, files)}

            {Table(Datasets.Media, files)}

            {new ViewQueries().State("CREATE OR REPLACE VIEW ")}
            """;
    }

    private static string Access(LakeLocation location) => location.Account is not { } account ? "" : $"""
        -- As whoever is signed in (az login, a managed identity), with the role Storage Blob Data Reader. These three statements are needed
        -- in every session.
        INSTALL azure;
        LOAD azure;
        CREATE OR REPLACE SECRET kapso_archive (TYPE azure, PROVIDER credential_chain, ACCOUNT_NAME {SqlText.Quote(account)});


        """;

    private static string Manifests(LakeLocation location) =>
        SqlText.Quote($"{location.ForDuckDb}/{(location.IsExport ? RunLayout.ExportManifest : "_manifests/*.json")}");

    /// <summary>The lake's location in DuckDB's own file name syntax.</summary>
    private static string Root(LakeLocation location) =>
        location.IsExport ? "parse_dirpath(filename)" : "parse_dirpath(parse_dirpath(filename))";

    /// <summary>An empty result with every column that older files lack. Filters still reach the files.</summary>
    private static string LaterColumns<TRow>(Dataset<TRow> dataset, int after = 1)
    {
        IEnumerable<string> columns = dataset.Columns.Where(column => column.Since > after)
            .Select(column => $"NULL::{TypeOf(column)} AS {column.Name}");
        return $"SELECT {string.Join(", ", columns)} WHERE FALSE";
    }

    private static string TypeOf<TRow>(Column<TRow> column) => column switch
    {
        TimestampColumn<TRow> => "TIMESTAMPTZ",
        CountColumn<TRow> => "BIGINT",
        _ => "VARCHAR",
    };

    private static string Table<TRow>(Dataset<TRow> dataset, IReadOnlyList<LakeFile> files)
    {
        string[] parts = [.. files.Where(f => f.Dataset == dataset.Name).Select(f => SqlText.Quote(LakeLocation.Pattern(f.LocalPath!)))];
        return $"""
            CREATE VIEW {dataset.Name} AS
            SELECT {OlderJson.Select(dataset, OlderJson.ForDuckDb, $"archived_at::DATE AS {SqlColumns.Partition}")}
            FROM ({(parts.Length == 0 ? LaterColumns(dataset, after: 0)
                : $"FROM read_parquet([{string.Join(", ", parts)}], union_by_name = true) UNION ALL BY NAME {LaterColumns(dataset)}")});
            """;
    }

    private static string Table<TRow>(Dataset<TRow> dataset, LakeLocation location)
    {
        string files = SqlText.Quote(
            $"{location.ForDuckDb}/{dataset.Name}/{(location.IsExport ? "" : $"{SqlColumns.Partition}=*/")}*.parquet");
        string partition = location.IsExport ? $"archived_at::DATE AS {SqlColumns.Partition}" : SqlColumns.Partition;
        return $"""
            CREATE OR REPLACE VIEW {dataset.Name} AS
            SELECT {OlderJson.Select(dataset, OlderJson.ForDuckDb, partition)}
            FROM (
              SELECT parts.*
              FROM committed_files
              JOIN read_parquet({files}, hive_partitioning = {(location.IsExport ? "false" : "true")}, union_by_name = true,
                filename = true) AS parts
                ON committed_files.file = replace(parts.filename, chr(92), '/')
              UNION ALL BY NAME {LaterColumns(dataset)});
            """;
    }
}
