using System.Buffers;
using System.Security.Cryptography;

namespace KapsoArchive.Sandbox.Media;

/// <summary>One generated file: a pure function of its format, its seed and the wanted size. It is generated while it is read and is never
/// whole in memory.</summary>
internal sealed class MediaFile
{
    private readonly MediaFormat _format;
    private readonly ulong _seed;
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly long _padding;

    /// <param name="format">How it is written.</param>
    /// <param name="seed">Decides its content.</param>
    /// <param name="bytes">About the file's length, if that is more than it needs.</param>
    public MediaFile(MediaFormat format, ulong seed, long bytes)
    {
        (_format, _seed) = (format, seed);
        (_head, _tail) = format.Frame(seed, 0, 0);
        long room = bytes - _head.Length - _tail.Length;
        if (format.Fit(room) == 0) return;
        long blocks = 0;
        for (int size; (size = format.Fit(room - _padding)) > 0; blocks++) _padding += size;
        (_head, _tail) = format.Frame(seed, _padding, blocks);
    }

    public string ContentType => _format.ContentType;

    public long Length => _head.Length + _padding + _tail.Length;

    /// <summary>The file's bytes, in chunks. A chunk is valid until the next one.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        yield return _head;
        byte[] block = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long written = 0;
            for (long index = 0; written < _padding; index++)
            {
                int size = _format.Fit(_padding - written);
                _format.WriteBlock(_seed, index, block.AsSpan(0, size));
                written += size;
                yield return block.AsMemory(0, size);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        yield return _tail;
    }

    /// <summary>The SHA-256 of all bytes, in lower-case hexadecimal digits.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in Chunks()) hash.AppendData(chunk.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
