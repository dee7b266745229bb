namespace KapsoArchive.Core.Lake;

/// <summary>A reusable buffer for the bytes of many short-lived texts, stored one after another.</summary>
internal sealed class ByteArena
{
    private const int ChunkSize = 256 * 1024;

    /// <summary>A value that leaves no room, even for the empty text.</summary>
    private const int NoRoom = ChunkSize + 1;

    private readonly List<byte[]> _chunks = [];
    private int _current = -1;
    private int _used = NoRoom;

    public Utf8Text Copy(Utf8Text text)
    {
        if (!text.HasValue)
            return default;
        ReadOnlySpan<byte> bytes = text.Span;
        if (bytes.Length > ChunkSize)
            return Utf8Text.From(bytes.ToArray());
        if (bytes.Length > ChunkSize - _used)
            NextChunk();
        byte[] chunk = _chunks[_current];
        var copy = new Utf8Text(chunk, _used, bytes.Length);
        bytes.CopyTo(chunk.AsSpan(_used));
        _used += bytes.Length;
        return copy;
    }

    /// <summary>Makes the whole buffer available again. Earlier copies will be overwritten.</summary>
    public void Clear() => (_current, _used) = (-1, NoRoom);

    private void NextChunk()
    {
        if (++_current == _chunks.Count)
            _chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkSize));
        _used = 0;
    }
}
