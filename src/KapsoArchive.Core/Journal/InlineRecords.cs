using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>Packed records as they stand in JSON documents of version 0.1, before they had a document of their own. Only read.</summary>
internal sealed record InlineRecords(int Count, byte[] Bytes)
{
    public PackedRecords ToPacked()
    {
        using var bytes = new ChunkedStream();
        bytes.Write(Bytes);
        return PackedRecords.Of(Count, bytes, version: 1);
    }
}
