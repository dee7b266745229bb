using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Core.Lake.Records;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes messages as Parquet, one row group per call.</summary>
internal sealed class ParquetPartWriter : PartWriter
{
    private readonly ParquetFileWriter<MessageRow> _file;

    private ParquetPartWriter(ParquetFileWriter<MessageRow> file) => _file = file;

    public static async Task<ParquetPartWriter> CreateAsync(Stream output, RunStamp run, CancellationToken cancellationToken) =>
        new(await ParquetFileWriter<MessageRow>.CreateAsync(Datasets.Messages, output, FileMetadata.Of(run), cancellationToken));

    public override Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken) =>
        _file.WriteRowGroupAsync(StrictRows.Of(rows), cancellationToken);

    public override Task CompleteAsync(CancellationToken cancellationToken) => _file.CompleteAsync();

    /// <summary>Releases nothing: disposing the library's writer would write a footer and make a truncated file look complete.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
