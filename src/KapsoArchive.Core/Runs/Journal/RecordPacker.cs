using System.Text;

namespace KapsoArchive.Core.Runs.Journal;

/// <summary>Gathers <see cref="PackedRecords"/>.</summary>
internal sealed class RecordPacker : IDisposable
{
    private MemoryStream _bytes = new();
    private BinaryWriter _writer;

    public RecordPacker() => _writer = new BinaryWriter(_bytes, Encoding.UTF8);

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

    /// <summary>What was added since the last time.</summary>
    public PackedRecords Take()
    {
        _writer.Flush();
        var packed = new PackedRecords(Count, _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length));
        _bytes = new MemoryStream();
        _writer = new BinaryWriter(_bytes, Encoding.UTF8);
        Count = 0;
        return packed;
    }
}
