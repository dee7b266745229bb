namespace KapsoArchive.Core.Storage.Blobs;

/// <summary>The media types of an archive's files, by extension.</summary>
public static class ContentTypes
{
    public static string Of(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".parquet" => "application/vnd.apache.parquet",
        ".json" => "application/json",
        ".jsonl" => "application/x-ndjson",
        ".csv" => "text/csv; charset=utf-8",
        ".html" => "text/html; charset=utf-8",
        ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".zip" => "application/zip",
        ".gz" => "application/gzip",
        _ => "application/octet-stream",
    };
}
