using System.IO.Hashing;
using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>A Parquet part of messages with access to single row groups and columns.</summary>
internal sealed class MessagePartFile
{
    private readonly ParquetFileReader<MessageRow> _file;

    private MessagePartFile(ParquetFileReader<MessageRow> file) => _file = file;

    public int GroupCount => _file.GroupCount;

    /// <param name="content">The part; seekable. The caller disposes it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InvalidDataException">The content is not such a part.</exception>
    public static async Task<MessagePartFile> OpenAsync(Stream content, CancellationToken cancellationToken) =>
        new(await ParquetFileReader<MessageRow>.OpenAsync(Datasets.Messages, content, cancellationToken));

    /// <summary>The average size in memory of a message in the group.</summary>
    public long BytesPerRow(int group) => _file.ByteCount(group) / Math.Max(1, _file.RowCount(group));

    /// <summary>Whether the group may contain messages of the conversation, by the bounds in the file's footer.</summary>
    public bool MayHold(int group, Utf8Text conversation) => _file.MayHold(group, "conversation_id", conversation.Span);

    /// <summary>Reads all columns of a row group.</summary>
    public Task<IReadOnlyList<MessageRow>> ReadAsync(int group, CancellationToken cancellationToken) =>
        ParquetPartReader.ReadGroupAsync(_file, group, cancellationToken);

    /// <summary>Reads one text column of a row group.</summary>
    public async Task<Utf8Text[]> ReadTextAsync(int group, string column, CancellationToken cancellationToken)
    {
        var values = new Utf8Text[_file.RowCount(group)];
        await _file.ReadTextAsync(group, column, (i, v) => values[i] = v, cancellationToken);
        return values;
    }

    /// <summary>Reads the places of a row group's messages, in row order.</summary>
    /// <param name="group">The row group in this part.</param>
    /// <param name="number">Its number across all parts.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<MessagePlace[]> ReadPlacesAsync(int group, int number, CancellationToken cancellationToken)
    {
        int count = _file.RowCount(group);
        var times = new long[count];
        var positions = new long[count];
        var names = new ulong[count];
        Array.Fill(times, long.MinValue);
        Array.Fill(positions, long.MinValue);
        await _file.ReadLongsAsync(group, "created_at", (i, v) => times[i] = v, cancellationToken);
        if (_file.Has("position"))
            await _file.ReadLongsAsync(group, "position", (i, v) => positions[i] = v, cancellationToken);
        await _file.ReadTextAsync(group, "whatsapp_message_id", (i, v) => names[i] = NameOf(v.Span), cancellationToken);
        return [.. times.Select((time, row) => new MessagePlace(time, positions[row], number, row, names[row]))];
    }

    /// <summary>The hash of a WhatsApp id; 0 if empty.</summary>
    public static ulong NameOf(ReadOnlySpan<byte> whatsappId) => whatsappId.IsEmpty ? 0 : XxHash3.HashToUInt64(whatsappId);
}
