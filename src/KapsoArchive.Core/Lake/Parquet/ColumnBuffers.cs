namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>The arrays for one column of a row group, reused for all columns and groups.</summary>
internal sealed class ColumnBuffers
{
    private readonly Dictionary<Utf8Text, ReadOnlyMemory<char>> _interned = [];
    private ReadOnlyMemory<byte>[] _bytes = [];
    private ReadOnlyMemory<char>[] _chars = [];
    private long[] _longs = [];
    private int[] _levels = [];

    public Memory<ReadOnlyMemory<byte>> Bytes(int count) => AtLeast(ref _bytes, count);

    public Memory<ReadOnlyMemory<char>> Chars(int count) => AtLeast(ref _chars, count);

    public Memory<long> Longs(int count) => AtLeast(ref _longs, count);

    public Memory<int> Levels(int count) => AtLeast(ref _levels, count);

    public Dictionary<Utf8Text, ReadOnlyMemory<char>> Interned()
    {
        _interned.Clear();
        return _interned;
    }

    private static Memory<T> AtLeast<T>(ref T[] array, int count)
    {
        if (array.Length < count)
            array = new T[count];
        return array.AsMemory(0, count);
    }
}
