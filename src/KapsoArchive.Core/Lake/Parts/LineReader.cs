namespace KapsoArchive.Core.Lake.Parts;

/// <summary>Splits a stream into lines. The longest line determines the memory.</summary>
internal sealed class LineReader(Stream content)
{
    /// <summary>In bytes. Pages are read completely into memory, so records stay far below this.</summary>
    private const int MaxLength = 1 << 29;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Returns the next line without its line break, valid until the next call; null at the end.</summary>
    /// <exception cref="InvalidDataException">The stream ends within a line, or a line exceeds 512 MB.</exception>
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
