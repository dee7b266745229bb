namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads the rows of one part back, in the order in which they were written, a batch at a time: a row group of Parquet, some
/// thousand lines of JSONL.</summary>
/// <remarks>
/// <para>
/// The bytes must be those that were written: check them with <see cref="PartCheck"/> first. Most damage is found here too, but the
/// Parquet library believes the lengths that it
/// reads: a damaged one may make it ask for gigabytes, and a damaged footer may keep it reading for ever.
/// </para>
/// <para>
/// A row from Parquet has no record; one from JSONL has it, with spaces for raw line breaks. If the record's text was repaired, a row from
/// either has the record's own bytes, and its JSON columns as they were sent.
/// <c>Fingerprint.Of</c> gives the same for both, and for the row that was written.
/// </para>
/// </remarks>
public static class PartReader
{
    /// <param name="format">The part's format.</param>
    /// <param name="content">The part, from its beginning; it can seek where it is Parquet. It stays the caller's to dispose.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The bytes are no part of this format. What the stream itself throws is passed on as it
    /// is.</exception>
    public static IAsyncEnumerable<IReadOnlyList<MessageRow>> ReadAsync(PartFormat format, Stream content, CancellationToken cancellationToken) => format switch
    {
        PartFormat.Parquet => ParquetPartReader.ReadAsync(content, cancellationToken),
        PartFormat.Jsonl => JsonlPartReader.ReadAsync(content, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
    };
}
