namespace KapsoArchive.Core.Media;

/// <summary>Knows MP3 and AAC, whose files are frames without a signature: a second frame must begin where the first one ends.</summary>
internal static class AudioFrames
{
    private static readonly MediaType Mp3 = new("audio/mpeg", "mp3");
    private static readonly MediaType Aac = new("audio/aac", "aac");

    /// <summary>Of MPEG 1 layer III, in kbit/s, by the header's index.</summary>
    private static ReadOnlySpan<short> BitRates => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    /// <summary>Of MPEG 2 and 2.5 layer III, in kbit/s, by the header's index.</summary>
    private static ReadOnlySpan<short> LowBitRates => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    /// <summary>Of MPEG 1, in Hz, by the header's index.</summary>
    private static ReadOnlySpan<int> SampleRates => [44_100, 48_000, 32_000];

    /// <returns>Null if it is neither.</returns>
    public static MediaType? Find(ReadOnlySpan<byte> head) =>
        HasId3Tag(head) || HasTwoFrames(head, Mp3FrameLength) ? Mp3 : HasTwoFrames(head, AacFrameLength) ? Aac : null;

    private static bool HasId3Tag(ReadOnlySpan<byte> head) =>
        head.Length >= 10 && head.StartsWith("ID3"u8) && head[3] is >= 2 and <= 4 && head[4] < 0xFF
        && !head[6..10].ContainsAnyInRange((byte)0x80, (byte)0xFF);

    /// <summary>Whether the frames at the beginning have the same version, layer and sample rate. One frame suffices only if it is the
    /// whole file.</summary>
    private static bool HasTwoFrames(ReadOnlySpan<byte> head, FrameLength lengthOf)
    {
        int length = lengthOf(head);
        if (length == 0 || head.Length < length)
            return false;
        ReadOnlySpan<byte> next = head[length..];
        return next.IsEmpty || (lengthOf(next) > 0 && next[1] == head[1] && ((next[2] ^ head[2]) & 0x0C) == 0);
    }

    private static int Mp3FrameLength(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 4 || frame[0] != 0xFF || (frame[1] & 0xE6) != 0xE2)
            return 0;
        (int version, int bitRate) = ((frame[1] >> 3) & 3, frame[2] >> 4);
        (int sampleRate, int padding) = ((frame[2] >> 2) & 3, (frame[2] >> 1) & 1);
        if (version == 1 || bitRate is 0 or 15 || sampleRate == 3)
            return 0;
        return version == 3
            ? (144_000 * BitRates[bitRate] / SampleRates[sampleRate]) + padding
            : (72_000 * LowBitRates[bitRate] / (SampleRates[sampleRate] / (version == 2 ? 2 : 4))) + padding;
    }

    /// <summary>With the header of ADTS.</summary>
    private static int AacFrameLength(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 7 || frame[0] != 0xFF || (frame[1] & 0xF6) != 0xF0 || ((frame[2] >> 2) & 0xF) > 12)
            return 0;
        int length = ((frame[3] & 3) << 11) | (frame[4] << 3) | (frame[5] >> 5);
        return length > 7 ? length : 0;
    }

    /// <returns>In bytes, header included; 0 if no valid frame begins here.</returns>
    private delegate int FrameLength(ReadOnlySpan<byte> frame);
}
