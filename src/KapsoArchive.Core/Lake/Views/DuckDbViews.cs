namespace KapsoArchive.Core.Lake.Views;

/// <summary>The views for DuckDB.</summary>
internal static class DuckDbViews
{
    /// <summary>The largest JSON document that is read: 128 MiB.</summary>
    private const int LargestObject = 128 << 20;

    /// <summary>A run id's length. The names of its files begin with it.</summary>
    private const int RunIdLength = 25;

    private const string ManifestColumns =
        "{'run_id': 'VARCHAR', 'kind': 'VARCHAR', 'status': 'VARCHAR', 'files': 'STRUCT(dataset VARCHAR, path VARCHAR)[]'}";

    private const string DayOfRow = $"(archived_at AT TIME ZONE 'UTC')::DATE AS {SqlColumns.Partition}";

    /// <summary>What follows <c>snapshot_date=</c> in the name of the part's folder.</summary>
    private const string DayOfPart = $"TRY_CAST(parse_filename(parse_dirpath(filename))[15:] AS DATE) AS {SqlColumns.Partition}";

    public static string Script(LakeLocation location)
    {
        ViewQueries queries = new();
        return $"""
            -- The views of a KapsoArchive lake, for DuckDB 1.5 and later. On a folder this script is run by the project's tests; reading a
            -- container was written from the documentation of DuckDB's azure extension and not run.
            -- Run it: duckdb lake.duckdb < views.sql    and then: duckdb lake.duckdb "FROM messages_current"{InFolder(location)}
            -- Needs one committed run at least. A lake of JSONL only has no folder messages: take the statements on messages out, and read
            -- the records with
            -- FROM committed_runs JOIN {Lines} AS lines ON lines._archive.run_id = committed_runs.run_id

            {Access(location)}{ViewQueries.ReadsCommittedRuns}
            -- committed_files has the files that the manifests name. No other is read. DuckDB lists files in the order of FROM, and
            -- wherever parts are read, this view stands before them: so a run that is being published is seen whole or not at all.
            -- chr(92) is the backslash of Windows.
            CREATE OR REPLACE VIEW committed_files AS
            SELECT run_id, named.dataset, named.path, replace({Root(location)} || '/' || named.path, chr(92), '/') AS file
            FROM (
              SELECT {RunOfManifest(location)} AS run_id, filename, unnest(list_distinct(files)) AS named
              FROM read_json({Manifests(location)}, format = 'unstructured', filename = true, maximum_object_size = {LargestObject},
                columns = {ManifestColumns})
              WHERE {(location.IsExport ? $"status <> '{Manifest.Closed}'" : ViewQueries.IsCommit)});

            CREATE OR REPLACE VIEW committed_runs AS
            SELECT run_id FROM committed_files GROUP BY run_id;

            -- The columns are named with their types, so parts are opened only when they are read; those of earlier versions lack some,
            -- which are null. snapshot_date and run_id come from the names of folder and file, so a filter by them opens no other part,
            -- and one by run_id no other manifest. A filter by anything else opens each part, and reads the row groups that may have it.
            -- explicit_cardinality is an estimate, for the order of joins alone: nothing was opened when it is asked for.
            -- All versions of all messages.
            {Table(Datasets.Messages, location)}

            {Table(Datasets.Conversations, location)}

            {queries.State("CREATE OR REPLACE VIEW ")}
            {Media(location)}

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

    private static string InFolder(LakeLocation location) => location.IsRelative ? "    (both in the lake's folder)" : "";

    private static string Manifests(LakeLocation location) =>
        SqlText.Quote($"{location.ForDuckDb}/{(location.IsExport ? RunLayout.ExportManifest : "_manifests/*.json")}");

    /// <summary>The lake's location in DuckDB's own file name syntax.</summary>
    private static string Root(LakeLocation location) =>
        location.IsExport ? "parse_dirpath(filename)" : "parse_dirpath(parse_dirpath(filename))";

    /// <summary>A manifest is named after its run, so that a filter by run opens no other; an export's is not.</summary>
    private static string RunOfManifest(LakeLocation location) => location.IsExport ? "run_id" : "parse_filename(filename, true)";

    /// <summary>The lines of JSONL. Types found in a sample of them would fail on a later one.</summary>
    private static string Lines
    {
        get
        {
            IEnumerable<string> columns = Datasets.Messages.Columns
                .Where(column => column is { Origin: ColumnOrigin.Record, Name: not "extra" })
                .Select(column => $"'{column.Name}': 'VARCHAR'")
                .Append("'_archive': 'STRUCT(conversation_id VARCHAR, run_id VARCHAR, archived_at TIMESTAMPTZ, change VARCHAR)'");
            return $"read_json('…/{Datasets.MessagesJsonl}/{SqlColumns.Partition}=*/*.jsonl.gz', format = 'newline_delimited', "
                + $"maximum_object_size = {LargestObject}, columns = {{{string.Join(", ", columns)}}})";
        }
    }

    private static string TypeOf<TRow>(Column<TRow> column) => column switch
    {
        TimestampColumn<TRow> => "TIMESTAMPTZ",
        CountColumn<TRow> => "BIGINT",
        _ => "VARCHAR",
    };

    /// <summary>Parts as a table, with <c>snapshot_date</c> and <c>file</c>. They are opened when they are read.</summary>
    /// <param name="files">A pattern or a list, as SQL.</param>
    /// <param name="namesTell">Whether their names tell the run, and their folders' the day: then DuckDB chooses files by them.</param>
    /// <param name="indent">What precedes each line but the first.</param>
    private static string Parts<TRow>(Dataset<TRow> dataset, string files, bool namesTell, string indent)
    {
        // DuckDB chooses files by a column of that name alone, and media has one of its own.
        const string Name = "filename";
        bool isTaken = dataset.Columns.Any(column => column.Name == Name);
        string[] lines =
        [
            $"SELECT * EXCLUDE ({Name}{(isTaken ? $", _{Name}" : "")})"
                + (namesTell ? $" REPLACE (parse_filename({Name})[:{RunIdLength}] AS run_id)," : ","),
            $"  {(isTaken ? $"_{Name} AS {Name}, " : "")}{(namesTell ? DayOfPart : DayOfRow)}, replace({Name}, chr(92), '/') AS file",
            $"FROM read_parquet({files}, {Name} = true, hive_partitioning = false,",
            $"  explicit_cardinality = {(dataset.Name == Datasets.Messages.Name ? 1_000_000_000 : 10_000_000)}, schema = MAP {{",
            .. dataset.Columns.Select(column => $"  '{column.Name}': {{name: '{(column.Name == Name ? "_" : "")}{column.Name}', "
                + $"type: '{TypeOf(column)}', default_value: NULL}}{(column == dataset.Columns[^1] ? "})" : ",")}"),
        ];
        return string.Join($"\n{indent}", lines);
    }

    private static string Table<TRow>(Dataset<TRow> dataset, IReadOnlyList<LakeFile> files)
    {
        LakeFile[] read = [.. files.Where(f => f.Dataset == dataset.Name)];
        IEnumerable<string> parts = read.Select(f => SqlText.Quote(LakeLocation.Pattern(f.LocalPath!)));
        IEnumerable<string> nothing = dataset.Columns.Select(column => $"NULL::{TypeOf(column)} AS {column.Name}");
        // Copies in a cache have other names.
        bool namesTell = read.All(f => Path.GetFileName(f.LocalPath) == Path.GetFileName(f.Path));
        return $"""
            CREATE VIEW {dataset.Name} AS
            SELECT {OlderJson.Select(dataset, OlderJson.ForDuckDb)}
            FROM ({(read.Length == 0 ? $"SELECT {string.Join(", ", nothing)}, NULL::DATE AS {SqlColumns.Partition} WHERE FALSE"
                : Parts(dataset, $"[{string.Join(", ", parts)}]", namesTell, ""))});
            """;
    }

    private static string Table<TRow>(Dataset<TRow> dataset, LakeLocation location, string? folder = null)
    {
        string files = SqlText.Quote(
            $"{location.ForDuckDb}/{folder ?? dataset.Name}/{(location.IsExport ? "" : $"{SqlColumns.Partition}=*/")}*.parquet");
        return $"""
            CREATE OR REPLACE VIEW {dataset.Name} AS
            SELECT {OlderJson.Select(dataset, OlderJson.ForDuckDb)}
            FROM (
              SELECT parts.*
              FROM committed_files
              JOIN (
                {Parts(dataset, files, !location.IsExport, "    ")}) AS parts
                ON committed_files.file = parts.file AND committed_files.run_id = parts.run_id
                  AND committed_files.dataset = {SqlText.Quote(dataset.Name)});
            """;
    }

    /// <summary>A pattern without a file is an error, and most lakes have no media: so it matches the conversations too, which every lake
    /// has, and no manifest names them as media. In a container, that would list the files behind messages too.</summary>
    private static string Media(LakeLocation location) => $"""
        -- Each attempt to fetch the file behind a message. {(location.IsFolder
            ? "The pattern matches the folders media and conversations: one without a file is an error."
            : "Needs a run that fetched files: without one, this last statement fails.")}
        {Table(Datasets.Media, location, location.IsFolder ? "[mc][eo][dn]*" : null)}
        """;
}
