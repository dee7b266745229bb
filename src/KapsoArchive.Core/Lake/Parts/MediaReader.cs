namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads a file of the media dataset, one row group per batch.</summary>
public static class MediaReader
{
    /// <param name="content">The file; seekable. The caller disposes it.</param>
    /// <param name="conversationId">Skips row groups without this conversation; rows of others may come too. Null for all.</param>
    /// <exception cref="InvalidDataException">The content is not such a file. Exceptions of the stream itself pass unchanged.</exception>
    public static IAsyncEnumerable<IReadOnlyList<MediaRow>> ReadAsync(
        Stream content, string? conversationId, CancellationToken cancellationToken)
    {
        byte[]? id = conversationId is null ? null : Encoding.UTF8.GetBytes(conversationId);
        return DatasetFile.ReadAsync(
            Datasets.Media, content, Row, (file, group) => id is null || file.MayHold(group, "conversation_id", id), cancellationToken);
    }

    private static MediaRow Row(RowColumns row) => new()
    {
        ConversationId = row.Text("conversation_id")!,
        MessageId = row.Text("message_id")!,
        Run = row.Run,
        LinkFingerprint = row.Text("link_fingerprint")!,
        FileName = row.Text("filename"),
        ContentType = row.Text("content_type"),
        DetectedType = row.Text("detected_type"),
        Bytes = row.Number("bytes"),
        Sha256 = row.Text("sha256"),
        Path = row.Text("path"),
        Outcome = Datasets.ToMediaOutcome(row.Bytes("outcome").Span),
        Reason = row.Text("reason"),
        Attempts = row.Number("attempts")!.Value,
    };
}
