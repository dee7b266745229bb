using System.Buffers.Binary;

namespace KapsoArchive.Sandbox.Media;

/// <summary>H.264 in MP4 (ISO/IEC 14496-10, -12 and -15): a mosaic for two to six seconds. Free boxes pad it.</summary>
internal sealed class Mp4Format() : MediaFormat("video/mp4")
{
    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        byte[][] pictures = H264.Pictures(new Mosaic(seed), 2 + Scramble.Below(Scramble.Bits(seed, 9), 5));
        byte[] type = Box("ftyp"u8, [.. "isom"u8, 0, 0, 2, 0, .. "isom"u8, .. "avc1"u8, .. "mp41"u8]);
        // A movie's length does not depend on where its pictures begin.
        byte[] movie = Movie(seed, pictures, type.Length + Movie(seed, pictures, 0).Length + 8);
        return ([.. type, .. movie, .. Box("mdat"u8, [.. pictures.SelectMany(picture => picture)])], []);
    }

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        BinaryPrimitives.WriteInt32BigEndian(block, block.Length);
        "free"u8.CopyTo(block[4..]);
        Fill(seed, index, block[8..]);
    }

    private static byte[] Movie(ulong seed, byte[][] pictures, int offset)
    {
        // The time unit is a second, and so long is each picture shown.
        byte[] times = [.. new byte[8], .. Number(1), .. Number(pictures.Length)];
        byte[] matrix = [.. Number(0x10000), .. new byte[12], .. Number(0x10000), .. new byte[12], .. Number(0x40000000)];
        byte[] size = [0, H264.Width, 0, H264.Height];
        byte[] entry =
            [.. new byte[7], 1, .. new byte[16], .. size, 0, 72, 0, 0, 0, 72, .. new byte[7], 1, .. new byte[32], 0, 24, 255, 255];
        byte[] table =
        [
            .. Full("stsd"u8, [.. Number(1), .. Box("avc1"u8, [.. entry, .. Box("avcC"u8, H264.Configuration)])]),
            .. Full("stts"u8, [.. Number(1), .. Number(pictures.Length), .. Number(1)]),
            .. Full("stss"u8, [.. Number(1), .. Number(1)]),
            .. Full("stsc"u8, [.. Number(1), .. Number(1), .. Number(pictures.Length), .. Number(1)]),
            .. Full("stsz"u8, [.. Number(0), .. Number(pictures.Length), .. pictures.SelectMany(picture => Number(picture.Length))]),
            .. Full("stco"u8, [.. Number(1), .. Number(offset)]),
        ];
        byte[] media =
        [
            .. Full("mdhd"u8, [.. times, 0x55, 0xC4, 0, 0]),
            .. Full("hdlr"u8, [.. Number(0), .. "vide"u8, .. new byte[12], .. Encoding.ASCII.GetBytes($"{seed:x16}"), 0]),
            .. Box("minf"u8,
            [
                .. Box("vmhd"u8, [0, 0, 0, 1, .. new byte[8]]),
                .. Box("dinf"u8, Full("dref"u8, [.. Number(1), .. Box("url "u8, Number(1))])),
                .. Box("stbl"u8, table),
            ]),
        ];
        byte[] track =
        [
            .. Box("tkhd"u8,
            [
                0, 0, 0, 3, .. new byte[8], .. Number(1), .. Number(0), .. Number(pictures.Length), .. new byte[16], .. matrix,
                .. size[..2], 0, 0, .. size[2..], 0, 0,
            ]),
            .. Box("mdia"u8, media),
        ];
        byte[] header = [.. times, .. Number(0x10000), 1, 0, .. new byte[10], .. matrix, .. new byte[24], .. Number(2)];
        return Box("moov"u8, [.. Full("mvhd"u8, header), .. Box("trak"u8, track)]);
    }

    private static byte[] Full(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content) => Box(type, [0, 0, 0, 0, .. content]);

    private static byte[] Box(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content) => [.. Number(content.Length + 8), .. type, .. content];

    private static byte[] Number(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
