using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>Reads <see cref="PartEntries"/>, one conversation at a time, also from several parts at once.</summary>
internal static class PartEntriesReader
{
    /// <param name="stream">The document.</param>
    /// <param name="place">The blocks to read; null for the whole document.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or truncated.</exception>
    public static async IAsyncEnumerable<ConversationChanges> ReadAsync(
        Stream stream, EntriesPlace? place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (place is not null)
        {
            stream.Position = place.Start;
            while (stream.Position < place.Start + place.Length)
                yield return await NextAsync(stream, cancellationToken) ?? throw new InvalidDataException("blocks are missing");
            yield break;
        }

        byte[] header = new byte[PartEntries.Header.Length];
        await ReadExactlyAsync(stream, header, cancellationToken);
        if (!header.AsSpan().SequenceEqual(PartEntries.Header))
            throw new InvalidDataException("it does not have the header of a part's entries");
        int blocks = 0;
        for (; await NextAsync(stream, cancellationToken) is { } changes; blocks++)
            yield return changes;
        if (await ReadNumberAsync(stream, cancellationToken) != blocks)
            throw new InvalidDataException("blocks are missing");
    }

    /// <summary>Merges the entries of several parts by conversation. The pieces of each conversation follow each other.</summary>
    public static async IAsyncEnumerable<ConversationChanges> MergeAsync(
        IReadOnlyList<IAsyncEnumerable<ConversationChanges>> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PriorityQueue<IAsyncEnumerator<ConversationChanges>, string> next = new(StringComparer.Ordinal);
        List<IAsyncEnumerator<ConversationChanges>> open = [.. parts.Select(p => p.GetAsyncEnumerator(cancellationToken))];
        try
        {
            foreach (IAsyncEnumerator<ConversationChanges> part in open)
                await EnqueueNextAsync(part);
            while (next.TryDequeue(out IAsyncEnumerator<ConversationChanges>? part, out _))
            {
                yield return part.Current;
                await EnqueueNextAsync(part);
            }
        }
        finally
        {
            foreach (IAsyncEnumerator<ConversationChanges> part in open)
                await part.DisposeAsync();
        }

        async Task EnqueueNextAsync(IAsyncEnumerator<ConversationChanges> part)
        {
            if (await part.MoveNextAsync())
                next.Enqueue(part, part.Current.ConversationId);
        }
    }

    /// <returns>The next block; null at the end.</returns>
    private static async Task<ConversationChanges?> NextAsync(Stream stream, CancellationToken cancellationToken)
    {
        int length = await ReadNumberAsync(stream, cancellationToken);
        if (length == 0)
            return null;
        if (length < 0 || (stream.CanSeek && length > stream.Length))
            throw new InvalidDataException("a block's length is impossible");
        byte[] block = new byte[length + 8];
        await ReadExactlyAsync(stream, block, cancellationToken);
        if (XxHash3.HashToUInt64(block.AsSpan(0, length)) != BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(length)))
            throw new InvalidDataException("a block's checksum is wrong");
        return Parse(block, length);
    }

    private static async Task<int> ReadNumberAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] number = new byte[sizeof(int)];
        await ReadExactlyAsync(stream, number, cancellationToken);
        return BinaryPrimitives.ReadInt32LittleEndian(number);
    }

    private static ConversationChanges Parse(byte[] block, int length)
    {
        using BinaryReader reader = IndexFormat.ReaderOf(block.AsMemory(0, length));
        string id = reader.ReadString();
        long? newest = reader.ReadOptional();
        var messages = new MessageChange[reader.Read7BitEncodedInt()];
        ReadOnlySpan<byte> entries = block.AsSpan((int)reader.BaseStream.Position, messages.Length * PartEntries.EntrySize);
        for (int i = 0; i < messages.Length; i++)
            messages[i] = MessageChange.Read(entries[(i * PartEntries.EntrySize)..]);
        reader.BaseStream.Position += entries.Length;
        return new ConversationChanges(id, newest, messages, reader.ReadTexts());
    }

    private static async Task ReadExactlyAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            await stream.ReadExactlyAsync(buffer, cancellationToken);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("it is cut off", e);
        }
    }
}
