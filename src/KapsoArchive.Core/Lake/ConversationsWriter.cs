using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake;

/// <summary>Writes the conversations dataset of a run: one Parquet file, sorted by conversation.</summary>
public static class ConversationsWriter
{
    /// <summary>Rows a row group.</summary>
    private const int GroupSize = 100_000;

    public static async Task WriteAsync(Stream output, RunStamp run, IEnumerable<ConversationRow> conversations, CancellationToken cancellationToken)
    {
        List<ConversationRow> rows = [.. conversations];
        rows.Sort(static (a, b) => Utf8Text.From(a.ConversationId).CompareTo(Utf8Text.From(b.ConversationId)));

        ParquetFileWriter<ConversationRow> file = await ParquetFileWriter<ConversationRow>.CreateAsync(Datasets.Conversations, output, FileMetadata.Of(run), cancellationToken);
        foreach (ConversationRow[] group in rows.Chunk(GroupSize))
            await file.WriteRowGroupAsync(group, cancellationToken);
        await file.CompleteAsync();
    }
}
