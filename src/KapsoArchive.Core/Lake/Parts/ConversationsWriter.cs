using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes a run's conversations dataset: one Parquet file, sorted by conversation.</summary>
public static class ConversationsWriter
{
    /// <summary>Rows per row group: as few as readers handle well, because a group is held in memory.</summary>
    private const int GroupSize = 16_384;

    /// <summary>Writes rows that are sorted by id as UTF-8. Holds at most one row group in memory.</summary>
    public static async Task WriteSortedAsync(
        Stream output, RunStamp run, IEnumerable<ConversationRow> rows, CancellationToken cancellationToken)
    {
        ParquetFileWriter<ConversationRow> file = await ParquetFileWriter<ConversationRow>.CreateAsync(
            Datasets.Conversations, output, FileMetadata.Of(run), cancellationToken);
        foreach (ConversationRow[] group in rows.Chunk(GroupSize))
            await file.WriteRowGroupAsync(group, cancellationToken);
        await file.CompleteAsync();
    }
}
