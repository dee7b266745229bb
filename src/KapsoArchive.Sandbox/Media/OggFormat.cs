using System.Buffers.Binary;

namespace KapsoArchive.Sandbox.Media;

/// <summary>Opus in Ogg (RFC 3533, 6716 and 7845): one to five seconds of silence. A larger file has padded packets.</summary>
internal sealed class OggFormat() : MediaFormat("audio/ogg")
{
    private const int Samples = 960;
    private const int HeaderPages = 3;
    private const byte First = 2;
    private const byte Last = 4;

    private static readonly uint[] Crc = MakeCrc();

    // 20 milliseconds of silence.
    private static ReadOnlySpan<byte> Packet => [0xF8, 0xFF, 0xFE];

    public override (byte[] Head, byte[] Tail) Frame(ulong seed, long padding, long blocks)
    {
        byte[] title = Encoding.ASCII.GetBytes($"TITLE=Voice {seed:x16}");
        byte[] tags = [.. "OpusTags"u8, 7, 0, 0, 0, .. "sandbox"u8, 1, 0, 0, 0, (byte)title.Length, 0, 0, 0, .. title];
        int packets = PacketsOf(seed);
        byte[] sound = [.. Enumerable.Repeat(Packet.ToArray(), packets).SelectMany(packet => packet)];
        byte[] head =
        [
            .. Page(seed, First, 0, 0, [19], [.. "OpusHead"u8, 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0]),
            .. Page(seed, 0, 0, 1, [(byte)tags.Length], tags),
            .. Page(seed, 0, packets * Samples, 2, [.. Enumerable.Repeat((byte)3, packets)], sound),
        ];
        long last = HeaderPages + blocks;
        return (head, Page(seed, Last, (packets + blocks + 1) * Samples, last, [3], Packet));
    }

    // A page of n × 255 bytes has n + 1 lengths and 27 bytes before them.
    public override int Fit(long room) => room < 28 + 256 ? 0 : 28 + 256 * (int)Math.Min(230, (room - 28) / 256);

    public override void WriteBlock(ulong seed, long index, Span<byte> block)
    {
        int lengths = (block.Length - 28) / 256 + 1;
        byte[] packet = new byte[255 * (lengths - 1)];
        int padding = packet.Length - 4;
        int wholes = (padding - 1) / 255;
        // One silent frame of variable form, with padding whose length is a row of 255 and a rest.
        (packet[0], packet[1]) = (0xFB, 0x41);
        packet.AsSpan(2, wholes).Fill(255);
        packet[2 + wholes] = (byte)(padding - 1 - 255 * wholes);
        (packet[3 + wholes], packet[4 + wholes]) = (0xFF, 0xFE);
        byte[] table = new byte[lengths];
        table.AsSpan(0, lengths - 1).Fill(255);
        Page(seed, 0, (PacketsOf(seed) + index + 1) * Samples, HeaderPages + index, table, packet).CopyTo(block);
    }

    private static int PacketsOf(ulong seed) => 50 + Scramble.Below(Scramble.Bits(seed, 9), 200);

    private static byte[] Page(ulong seed, byte flags, long position, long number, ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> content)
    {
        byte[] page = [.. "OggS"u8, 0, flags, .. new byte[20], (byte)lengths.Length, .. lengths, .. content];
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), position);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), (uint)seed);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), (uint)number);
        uint crc = 0;
        foreach (byte value in page) crc = crc << 8 ^ Crc[crc >> 24 ^ value];
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), crc);
        return page;
    }

    private static uint[] MakeCrc()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i << 24;
            for (int bit = 0; bit < 8; bit++) value = value << 1 ^ (value >> 31) * 0x04C11DB7;
            table[i] = value;
        }
        return table;
    }
}
