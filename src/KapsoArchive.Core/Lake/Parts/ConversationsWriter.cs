using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes the conversations dataset of a run: one Parquet file, sorted by conversation.</summary>
public static class ConversationsWriter
{
    /// <summary>Rows a row group: as few as readers like, because a group waits in memory.</summary>
    private const int GroupSize = 16_384;

    public static async Task WriteAsync(Stream output, RunStamp run, IEnumerable<ConversationRow> conversations, CancellationToken cancellationToken)
    {
        ConversationRow[] rows = [.. conversations];
        Array.Sort(Array.ConvertAll(rows, r => Utf8Text.From(r.ConversationId)), rows);
        await WriteSortedAsync(output, run, rows, cancellationToken);
    }

    /// <summary>Writes rows that come in the order of their ids as UTF-8, and holds no more of them than a row group.</summary>
    public static async Task WriteSortedAsync(Stream output, RunStamp run, IEnumerable<ConversationRow> rows, CancellationToken cancellationToken)
    {
        ParquetFileWriter<ConversationRow> file = await ParquetFileWriter<ConversationRow>.CreateAsync(Datasets.Conversations, output, FileMetadata.Of(run), cancellationToken);
        foreach (ConversationRow[] group in rows.Chunk(GroupSize))
            await file.WriteRowGroupAsync(group, cancellationToken);
        await file.CompleteAsync();
    }
}
