using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace KapsoArchive.Sandbox.Media;

/// <summary>PNG (RFC 2083), in true colour.</summary>
internal sealed class PngFormat() : MediaFormat("image/png")
{
    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        var (width, height) = (Mosaic.Width * Mosaic.Cell, Mosaic.Height * Mosaic.Cell);
        byte[] header = [0, 0, (byte)(width >> 8), (byte)width, 0, 0, 0, (byte)height, 8, 2, 0, 0, 0];
        byte[] head = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Pixels(new Mosaic(seed)))];
        return (head, Chunk("IEND"u8, []));
    }

    // Lower-case letters: a private chunk, which decoders skip.
    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        Fill(seed, index, block[8..^4]);
        Seal("paDd"u8, block);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] chunk = new byte[content.Length + 12];
        content.CopyTo(chunk.AsSpan(8));
        Seal(type, chunk);
        return chunk;
    }

    private static void Seal(ReadOnlySpan<byte> type, Span<byte> chunk)
    {
        BinaryPrimitives.WriteInt32BigEndian(chunk, chunk.Length - 12);
        type.CopyTo(chunk[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.HashToUInt32(chunk[4..^4]));
    }

    private static byte[] Pixels(Mosaic mosaic)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            byte[] row = new byte[1 + 3 * Mosaic.Width * Mosaic.Cell];
            for (int y = 0; y < Mosaic.Height * Mosaic.Cell; y++)
            {
                for (int x = 0; x < Mosaic.Width * Mosaic.Cell; x++)
                    (row[1 + 3 * x], row[2 + 3 * x], row[3 + 3 * x]) = mosaic[x / Mosaic.Cell, y / Mosaic.Cell];
                zlib.Write(row);
            }
        }
        return compressed.ToArray();
    }
}
