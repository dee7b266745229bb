using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Lake.Parquet;
using KapsoArchive.Core.Lake.Parts;

namespace KapsoArchive.Core.Inspection.Verification;

/// <summary>Counts the messages of parts. Of Parquet it reads only the counted columns.</summary>
public static class MessageTallyReader
{
    /// <param name="format">The part's format.</param>
    /// <param name="content">The part, from its beginning; seekable for Parquet. The caller disposes it.</param>
    /// <param name="tally">Receives the counts.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InvalidDataException">The content is not a part of this format.</exception>
    public static async Task AddAsync(PartFormat format, Stream content, MessageTally tally, CancellationToken cancellationToken)
    {
        if (format == PartFormat.Parquet)
        {
            await AddParquetAsync(content, tally, cancellationToken);
            return;
        }

        await foreach (IReadOnlyList<MessageRow> rows in PartReader.ReadAsync(format, content, cancellationToken))
        {
            foreach (MessageRow row in rows.Where(r => r.Change != Change.Removed))
                tally.Add(row.MessageType, row.Direction, row.CreatedAt);
        }
    }

    private static async Task AddParquetAsync(Stream content, MessageTally tally, CancellationToken cancellationToken)
    {
        ParquetFileReader<MessageRow> file = await ParquetFileReader<MessageRow>.OpenAsync(Datasets.Messages, content, cancellationToken);
        for (int group = 0; group < file.GroupCount; group++)
        {
            int count = file.RowCount(group);
            var types = new Utf8Text[count];
            var directions = new Utf8Text[count];
            var times = new long?[count];
            var removed = new bool[count];
            await file.ReadTextAsync(group, "message_type", (i, v) => types[i] = v, cancellationToken);
            await file.ReadTextAsync(group, "direction", (i, v) => directions[i] = v, cancellationToken);
            await file.ReadTextAsync(
                group, "change", (i, v) => removed[i] = Datasets.ToChange(v.Span) == Change.Removed, cancellationToken);
            await file.ReadLongsAsync(group, "created_at", (i, v) => times[i] = v, cancellationToken);
            for (int row = 0; row < count; row++)
            {
                if (!removed[row])
                    tally.Add(types[row], directions[row], times[row]);
            }
        }
    }
}
