namespace KapsoArchive.Core.Lake.Parts;

/// <summary>
/// Reads the rows of one part in their stored order, in batches: a row group of Parquet, or some thousand lines of JSONL.
/// </summary>
/// <remarks>
/// <para>
/// Check the bytes with <see cref="PartCheck"/> first: they must be those that were written. Most damage is detected here too, but the
/// Parquet library trusts the lengths in a file. A damaged length may request gigabytes, and a damaged footer may loop forever.
/// </para>
/// <para>
/// A row from Parquet has no record. A row from JSONL has it, with spaces instead of raw line breaks. If the record's text was repaired, a
/// row from either format has the original bytes, and its JSON columns as sent. <c>Fingerprint.Of</c> is the same for both and for the row
/// that was written.
/// </para>
/// </remarks>
public static class PartReader
{
    /// <param name="format">The part's format.</param>
    /// <param name="content">The part, from its beginning; seekable for Parquet. The caller disposes it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InvalidDataException">The content is not a part of this format. Exceptions of the stream itself pass
    /// unchanged.</exception>
    public static IAsyncEnumerable<IReadOnlyList<MessageRow>> ReadAsync(
        PartFormat format, Stream content, CancellationToken cancellationToken) => format switch
        {
            PartFormat.Parquet => ParquetPartReader.ReadAsync(content, cancellationToken),
            PartFormat.Jsonl => JsonlPartReader.ReadAsync(content, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, message: null),
        };
}
