using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Reads the rows of one part in their stored order, in batches: a row group of Parquet, or some thousand lines of
/// JSONL.</summary>
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
    /// <param name="format">Parquet or JSONL.</param>
    /// <param name="content">The part, from its beginning; seekable for Parquet. The caller disposes it.</param>
    /// <exception cref="InvalidDataException">The content is not a part of this format. Exceptions of the stream itself pass
    /// unchanged.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<MessageRow>> ReadAsync(
        PartFormat format, Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (MessageBatch batch in BatchesAsync(format, content, cancellationToken))
            yield return await batch.RowsAsync(cancellationToken);
    }

    /// <summary>The same batches, for a reader that needs only some columns or the rows of one conversation.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    internal static async IAsyncEnumerable<MessageBatch> BatchesAsync(
        PartFormat format, Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int number = 0;
        if (format == PartFormat.Parquet)
        {
            ParquetFileReader<MessageRow> file = await ParquetFileReader<MessageRow>.OpenAsync(
                Datasets.Messages, content, cancellationToken);
            while (number < file.GroupCount)
                yield return new MessageBatch(file, number++);
        }
        else
        {
            await foreach (IReadOnlyList<MessageRow> lines in JsonlPartReader.ReadAsync(content, cancellationToken))
                yield return new MessageBatch(lines, number++);
        }
    }
}
