namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Cuts a stream into its lines. Memory is bounded by the longest of them.</summary>
internal sealed class LineReader(Stream content)
{
    /// <summary>Bytes. The source's pages are read whole, so no record comes near it.</summary>
    private const int MaxLength = 1 << 29;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The next line without its line break, to be used before the next call; null at the end.</summary>
    /// <exception cref="InvalidDataException">The stream ends within a line, or a line is longer than 512 MB.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan((_start + searched).._end).IndexOf((byte)'\n');
            if (length >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, searched + length);
                _start += line.Length + 1;
                return line;
            }

            searched = _end - _start;
            MakeRoom();
            int read = await content.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                return searched == 0 ? null : throw new InvalidDataException("The last line is cut off.");
            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_end - _start >= MaxLength)
            throw new InvalidDataException("A line is longer than 512 MB.");
        byte[] target = _start == 0 && _end == _buffer.Length ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start.._end).CopyTo(target);
        _buffer = target;
        _end -= _start;
        _start = 0;
    }
}
