using System.Buffers.Binary;

namespace KapsoArchive.Sandbox.Media;

/// <summary>MP4 (ISO/IEC 14496-12 and -14): a silent Opus track. Free boxes pad it.</summary>
internal sealed class Mp4Format() : MediaFormat("video/mp4")
{
    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        int packets = OggFormat.PacketsOf(seed);
        byte[] type = Box("ftyp"u8, [.. "isom"u8, 0, 0, 2, 0, .. "isom"u8, .. "iso2"u8, .. "mp41"u8]);
        byte[] sound = [.. Enumerable.Repeat(OggFormat.Packet.ToArray(), packets).SelectMany(packet => packet)];
        byte[] movie = Movie(seed, packets, type.Length);
        movie = Movie(seed, packets, type.Length + movie.Length + 8);
        return ([.. type, .. movie, .. Box("mdat"u8, sound)], []);
    }

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        BinaryPrimitives.WriteInt32BigEndian(block, block.Length);
        "free"u8.CopyTo(block[4..]);
        Fill(seed, index, block[8..]);
    }

    private static byte[] Movie(ulong seed, int packets, int offset)
    {
        byte[] duration = Number(packets * 960);
        byte[] rate = Number(48_000);
        byte[] matrix = [.. Number(0x10000), .. new byte[12], .. Number(0x10000), .. new byte[12], .. Number(0x40000000)];
        byte[] entry =
        [
            .. new byte[6], 0, 1, .. new byte[8], 0, 1, 0, 16, 0, 0, 0, 0, .. Number(48_000 << 16),
            .. Box("dOps"u8, [0, 1, 0, 0, 0, 0, 0xBB, 0x80, 0, 0, 0]),
        ];
        byte[] table =
        [
            .. Full("stsd"u8, [.. Number(1), .. Box("Opus"u8, entry)]),
            .. Full("stts"u8, [.. Number(1), .. Number(packets), .. Number(960)]),
            .. Full("stsc"u8, [.. Number(1), .. Number(1), .. Number(packets), .. Number(1)]),
            .. Full("stsz"u8, [.. Number(OggFormat.Packet.Length), .. Number(packets)]),
            .. Full("stco"u8, [.. Number(1), .. Number(offset)]),
        ];
        byte[] data = Box("dinf"u8, Full("dref"u8, [.. Number(1), .. Box("url "u8, Number(1))]));
        byte[] information = [.. Full("smhd"u8, Number(0)), .. data, .. Box("stbl"u8, table)];
        byte[] media =
        [
            .. Full("mdhd"u8, [.. new byte[8], .. rate, .. duration, 0x55, 0xC4, 0, 0]),
            .. Full("hdlr"u8, [.. Number(0), .. "soun"u8, .. new byte[12], .. Encoding.ASCII.GetBytes($"{seed:x16}"), 0]),
            .. Box("minf"u8, information),
        ];
        byte[] track =
        [
            .. Box("tkhd"u8, [0, 0, 0, 3, .. new byte[8], .. Number(1), .. Number(0), .. duration, .. new byte[12], 1, 0, 0, 0, .. matrix, .. new byte[8]]),
            .. Box("mdia"u8, media),
        ];
        byte[] header = [.. new byte[8], .. rate, .. duration, .. Number(0x10000), 1, 0, .. new byte[10], .. matrix, .. new byte[24], .. Number(2)];
        return Box("moov"u8, [.. Full("mvhd"u8, header), .. Box("trak"u8, track)]);
    }

    private static byte[] Full(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content) => Box(type, [0, 0, 0, 0, .. content]);

    private static byte[] Box(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content) => [.. Number(content.Length + 8), .. type, .. content];

    private static byte[] Number(long value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
