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
        ".pdf" => "application/pdf",
        ".jpg" => "image/jpeg",
        ".png" => "image/png",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        ".avif" => "image/avif",
        ".aac" => "audio/aac",
        ".amr" => "audio/amr",
        ".flac" => "audio/flac",
        ".m4a" => "audio/mp4",
        ".mp3" => "audio/mpeg",
        ".ogg" => "audio/ogg",
        ".wav" => "audio/wav",
        ".3gp" => "video/3gpp",
        ".mov" => "video/quicktime",
        ".mp4" => "video/mp4",
        ".ogv" => "video/ogg",
        ".webm" => "video/webm",
        _ => "application/octet-stream",
    };
}
