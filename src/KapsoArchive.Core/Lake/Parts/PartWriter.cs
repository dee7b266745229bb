namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes rows to one part. The stream contains a complete file only after <see cref="CompleteAsync"/>. Disposing without it
/// abandons the part.</summary>
public abstract class PartWriter : IAsyncDisposable
{
    /// <summary>Writes rows, sorted by the dataset's order, as one group.</summary>
    public abstract Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken);

    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Starts a part of <paramref name="format"/> on <paramref name="output"/>, which the caller disposes.</summary>
    public static async Task<PartWriter> CreateAsync(
        PartFormat format, Stream output, RunStamp run, CancellationToken cancellationToken) => format switch
        {
            PartFormat.Parquet => await ParquetPartWriter.CreateAsync(output, run, cancellationToken),
            PartFormat.Jsonl => new JsonlPartWriter(output),
            PartFormat.Csv => new CsvPartWriter(output),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
        };
}
