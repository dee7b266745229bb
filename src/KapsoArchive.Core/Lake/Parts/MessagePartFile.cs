using System.IO.Hashing;
using KapsoArchive.Core.Lake.Parquet;

namespace KapsoArchive.Core.Lake.Parts;

/// <summary>A Parquet part of messages, of which single row groups and single columns can be read.</summary>
internal sealed class MessagePartFile
{
    private readonly ParquetFileReader<MessageRow> _file;

    private MessagePartFile(ParquetFileReader<MessageRow> file) => _file = file;

    public int GroupCount => _file.GroupCount;

    /// <param name="content">The part; it can seek. It stays the caller's to dispose.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">It is no such part.</exception>
    public static async Task<MessagePartFile> OpenAsync(Stream content, CancellationToken cancellationToken) =>
        new(await ParquetFileReader<MessageRow>.OpenAsync(Datasets.Messages, content, cancellationToken));

    /// <summary>What a message of the group takes in memory, on average.</summary>
    public long BytesPerRow(int group) => _file.ByteCount(group) / Math.Max(1, _file.RowCount(group));

    /// <summary>Whether the group may hold messages of the conversation, by the bounds in the file's footer.</summary>
    public bool MayHold(int group, Utf8Text conversation) => _file.MayHold(group, "conversation_id", conversation.Span);

    /// <summary>All of a row group, as its columns have it.</summary>
    public Task<IReadOnlyList<MessageRow>> ReadAsync(int group, CancellationToken cancellationToken) => ParquetPartReader.ReadGroupAsync(_file, group, cancellationToken);

    /// <summary>The values of one text column of a row group.</summary>
    public async Task<Utf8Text[]> ReadTextAsync(int group, string column, CancellationToken cancellationToken)
    {
        var values = new Utf8Text[_file.RowCount(group)];
        await _file.ReadTextAsync(group, column, (i, v) => values[i] = v, cancellationToken);
        return values;
    }

    /// <summary>Where the messages of a row group lie, in the order of their rows.</summary>
    /// <param name="group">The row group, in this part.</param>
    /// <param name="number">Its number through all parts.</param>
    /// <param name="cancellationToken">Gives up.</param>
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

    /// <summary>What a WhatsApp id is known by; 0 for none.</summary>
    public static ulong NameOf(ReadOnlySpan<byte> whatsappId) => whatsappId.IsEmpty ? 0 : XxHash3.HashToUInt64(whatsappId);
}
