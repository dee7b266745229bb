using System.Buffers;
using System.Buffers.Text;

namespace KapsoArchive.Sandbox.Data;

/// <summary>UTF-8 text in a pooled array. Pages are written as bytes, never as strings, to keep generation cheap.</summary>
internal sealed class Utf8Buffer(int capacity = 4096) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Append(ReadOnlySpan<byte> utf8) => utf8.CopyTo(Claim(utf8.Length));

    public void Append(byte character) => Claim(1)[0] = character;

    public void Append(long number)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out int written);
        _length += written;
    }

    public void Append(Guid id)
    {
        Utf8Formatter.TryFormat(id, Claim(36), out _);
    }

    /// <summary>Writes a UTC time in ISO 8601, truncated to the given number of fractional digits, 0 to 7.</summary>
    public void Append(DateTime time, int fractionDigits)
    {
        const int WholeSeconds = 19;
        Span<byte> text = stackalloc byte[28];
        Utf8Formatter.TryFormat(time, text, out _, new('O'));
        Append(text[..(fractionDigits == 0 ? WholeSeconds : WholeSeconds + 1 + fractionDigits)]);
        Append((byte)'Z');
    }

    /// <summary>Appends <paramref name="length"/> bytes, which the caller must fill at once.</summary>
    public Span<byte> Claim(int length)
    {
        Reserve(length);
        var claimed = _bytes.AsSpan(_length, length);
        _length += length;
        return claimed;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Reserve(int length)
    {
        if (_length + length <= _bytes.Length) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + length, 2 * _bytes.Length));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
