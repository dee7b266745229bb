namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Writes rows to one part of one format. Its stream holds a whole file only after <see cref="CompleteAsync"/>; disposing without it abandons the part.</summary>
public abstract class PartWriter : IAsyncDisposable
{
    /// <summary>Writes rows that are sorted by the dataset's order, in one group.</summary>
    public abstract Task WriteAsync(IReadOnlyList<MessageRow> rows, CancellationToken cancellationToken);

    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Begins a part of <paramref name="format"/> on <paramref name="output"/>, which stays the caller's to dispose.</summary>
    public static async Task<PartWriter> CreateAsync(PartFormat format, Stream output, RunStamp run, CancellationToken cancellationToken) => format switch
    {
        PartFormat.Parquet => await ParquetPartWriter.CreateAsync(output, run, cancellationToken),
        PartFormat.Jsonl => new JsonlPartWriter(output),
        PartFormat.Csv => new CsvPartWriter(output),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };
}
