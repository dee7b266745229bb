using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>Packed conversations within the JSON documents of version 0.1, which had no separate document for them. Only read.</summary>
internal sealed record InlineRecords(int Count, byte[] Bytes)
{
    public PackedRecords ToPacked()
    {
        using var bytes = new ChunkedStream();
        bytes.Write(Bytes);
        return PackedRecords.Of(Count, bytes, version: 1);
    }
}
