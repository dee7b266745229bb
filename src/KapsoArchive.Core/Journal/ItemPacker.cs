using KapsoArchive.Core.Index;

namespace KapsoArchive.Core.Journal;

/// <summary>Builds <see cref="PackedItems"/>.</summary>
internal sealed class ItemPacker : IDisposable
{
    private ChunkedStream _bytes = new();
    private BinaryWriter _writer;

    public ItemPacker() => _writer = new BinaryWriter(_bytes, Encoding.UTF8);

    public int Count { get; private set; }

    public void Add(Action<BinaryWriter> write)
    {
        write(_writer);
        Count++;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _bytes.Dispose();
    }

    /// <summary>Returns what was added since the last call.</summary>
    public PackedItems Take()
    {
        _writer.Flush();
        PackedItems packed = PackedItems.Of(Count, _bytes);
        _bytes = new ChunkedStream();
        _writer = new BinaryWriter(_bytes, Encoding.UTF8);
        Count = 0;
        return packed;
    }
}
