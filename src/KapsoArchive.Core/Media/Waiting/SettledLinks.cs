using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Media.Waiting;

/// <summary>The links whose outcome is final, so that a message that changes does not have its file fetched again. 8 bytes each.</summary>
internal sealed class SettledLinks(IReadOnlyList<ulong[]> segments)
{
    private const string Magic = "KASL";
    private const byte Version = 1;

    /// <param name="linkKey">See <see cref="WaitingFile.LinkKey"/>.</param>
    public bool Contains(ulong linkKey) => segments.Any(s => Array.BinarySearch(s, linkKey) >= 0);

    /// <summary>All of them and some more, as one segment.</summary>
    public ulong[] With(IEnumerable<ulong> more) => [.. segments.SelectMany(s => s).Concat(more).Distinct().Order()];

    public static ReadOnlyMemory<byte> ToBytes(IReadOnlyCollection<ulong> segment) => IndexFormat.Seal(Magic, Version, writer =>
    {
        writer.Write(segment.Count);
        foreach (ulong key in segment)
            writer.Write(key);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static ulong[] FromBytes(ReadOnlyMemory<byte> bytes) => IndexFormat.Open(bytes, Magic, Version, reader =>
    {
        ulong[] segment = new ulong[reader.ReadInt32()];
        for (int i = 0; i < segment.Length; i++)
            segment[i] = reader.ReadUInt64();
        return segment;
    });
}
