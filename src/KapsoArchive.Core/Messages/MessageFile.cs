namespace KapsoArchive.Core.Messages;

/// <summary>How the file behind a message stands. Never contains the link.</summary>
/// <param name="Outcome">A name of the lake: <c>stored</c>, <c>waiting</c>, <c>gone</c>, <c>too_large</c>, <c>refused</c> or
/// <c>failed</c>.</param>
/// <param name="Name">As the message has it; not made safe for display.</param>
/// <param name="Type">By the file's own signature; null unless stored.</param>
/// <param name="Bytes">Null unless stored.</param>
/// <param name="Sha256">Null unless stored.</param>
/// <param name="Path">In the data area or in the export; null unless stored.</param>
/// <param name="Reason">Why it is not stored.</param>
public sealed record MessageFile(
    string Outcome, string? Name, string? Type, long? Bytes, string? Sha256, string? Path, string? Reason)
{
    [JsonIgnore]
    public bool IsStored => Path is not null;

    /// <summary>Whether browsers show it as a picture, and it can contain no code.</summary>
    [JsonIgnore]
    public bool IsPicture => Type is "image/jpeg" or "image/png" or "image/gif" or "image/webp" or "image/avif";

    [JsonIgnore]
    public bool IsSound => Type?.StartsWith("audio/", StringComparison.Ordinal) == true;

    [JsonIgnore]
    public bool IsFilm => Type?.StartsWith("video/", StringComparison.Ordinal) == true;

    /// <summary>The name to save it under.</summary>
    [JsonIgnore]
    public string SavedName => VisibleText.IsBlank(Name) ? Path?[(Path.LastIndexOf('/') + 1)..] ?? "" : VisibleText.Line(Name);

    /// <summary>Its type and size.</summary>
    [JsonIgnore]
    public string Facts =>
        $"{(Type is null or "application/octet-stream" ? "unknown type" : VisibleText.Line(Type))} · {ByteSize.Of(Bytes ?? 0)}";

    /// <summary>Why the file is missing, in a sentence without a full stop; null if it is stored.</summary>
    [JsonIgnore]
    public string? Lack => IsStored ? null : Outcome switch
    {
        "waiting" => "The file is not archived yet",
        "gone" => "The file is gone at Kapso",
        "too_large" => "The file is larger than the archive takes",
        "refused" => "The file was refused",
        _ => "The file could not be fetched",
    } + (Reason is null ? "" : $": {VisibleText.Line(Reason)}");

    /// <summary>Adds rows of one conversation, oldest run first, to the files by message id: what is stored counts, else what is
    /// newest.</summary>
    internal static void Add(Dictionary<string, MessageFile> files, IEnumerable<MediaRow> rows)
    {
        foreach (MediaRow row in rows)
        {
            if (row.CountsAfter(files.GetValueOrDefault(row.MessageId)?.IsStored == true))
                files[row.MessageId] = new MessageFile(
                    Datasets.Name(row.Outcome), row.FileName, row.DetectedType, row.Bytes, row.Sha256, row.Path, row.Reason);
        }
    }
}
