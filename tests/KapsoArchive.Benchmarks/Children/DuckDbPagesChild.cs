namespace KapsoArchive.Benchmarks.Children;

/// <summary>The saved pages to Parquet in one DuckDB statement, which keeps no field without a column and proves nothing.</summary>
internal static class DuckDbPagesChild
{
    public static Task<Dictionary<string, double>> RunAsync(ChildSettings settings)
    {
        using var duck = new DuckDb();
        string file = Path.Combine(settings["out"], "pages.parquet");
        string select = settings["form"] == "files" ? AsSaved(settings["pages"]) : Helped(settings["pages"]);
        duck.Execute($"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)");
        return Task.FromResult(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["messages"] = duck.Count($"SELECT count(*) FROM '{file}'"),
            ["bytes"] = new FileInfo(file).Length,
        });
    }

    /// <summary>As one would write it: a file a page, and DuckDB finds out what is in them.</summary>
    private static string AsSaved(string pages) =>
        $"""
        SELECT parse_path(filename)[-2] AS conversation_id, record.*, 'added' AS change, now() AS archived_at, 'run' AS run_id
        FROM (SELECT filename, unnest(data) AS record FROM read_json('{pages}/*/*.json', filename = true))
        """;

    /// <summary>With all the help it can get: few files, a line a page, every column told.</summary>
    private static string Helped(string pages) =>
        $$"""
        SELECT parse_filename(filename, true) AS conversation_id, record.*, 'added' AS change, now() AS archived_at, 'run' AS run_id
        FROM (
          SELECT filename, unnest(data) AS record
          FROM read_json('{{pages}}/*.jsonl', format = 'newline_delimited', filename = true, columns = {data: 'STRUCT(
            id VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP, direction VARCHAR, status VARCHAR, processing_status VARCHAR, message_type VARCHAR,
            phone_number VARCHAR, whatsapp_message_id VARCHAR, content VARCHAR, media_url VARCHAR, metadata JSON, message_type_data JSON)[]'}))
        """;
}
