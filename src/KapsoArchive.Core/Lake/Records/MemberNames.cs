namespace KapsoArchive.Core.Lake.Records;

/// <summary>Detects, while a record is read, that two members of one object may have the same name. It compares numbers derived from the
/// names, so it may give false positives but never misses a duplicate.</summary>
internal sealed class MemberNames
{
    /// <summary>Comparing more names would take too long. The object is left to the exact check.</summary>
    private const int MostCompared = 1_000;

    private const int FewNames = 12;

    private readonly int[] _firsts = new int[RecordFlattener.MaxDepth + 1];
    private ulong[] _keys = new ulong[64];
    private int _count;

    /// <summary>Whether a name may occur twice in an object, or may be one that the archive uses itself.</summary>
    public bool MayClash { get; private set; }

    public void Begin() => (_count, MayClash) = (0, false);

    /// <summary>Adds a top-level member that has no column.</summary>
    public void Add(ref Utf8JsonReader name)
    {
        MayClash |= name.ValueIsEscaped || ReservedNames.MayBe(name.ValueSpan);
        Add(first: 0, KeyOf(name.ValueSpan));
    }

    /// <summary>Advances to the end of the current value.</summary>
    public void Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        int before = _count;
        int depth = 0;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    MayClash |= reader.ValueIsEscaped;
                    Add(_firsts[depth - 1], KeyOf(reader.ValueSpan));
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    _firsts[depth++] = _count;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _count = _firsts[--depth];
                    break;
            }
        }
        while (depth > 0 && reader.Read());
        _count = before;
    }

    private void Add(int first, ulong key)
    {
        int count = _count - first;
        if (count >= MostCompared)
        {
            MayClash = true;
            return;
        }

        if (_count == _keys.Length)
            Array.Resize(ref _keys, _keys.Length * 2);
        ulong[] keys = _keys;
        if (count > FewNames)
        {
            MayClash |= keys.AsSpan(first, count).Contains(key);
        }
        else
        {
            for (int i = first; i < _count; i++)
                MayClash |= keys[i] == key;
        }

        keys[_count++] = key;
    }

    /// <summary>Different names usually have different keys. The length is not included, because the exact check distinguishes such
    /// names.</summary>
    private static ulong KeyOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        > 16 => XxHash3.HashToUInt64(name),
        >= 8 => (BinaryPrimitives.ReadUInt64LittleEndian(name) * 0x9E3779B97F4A7C15) ^ BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]),
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(name) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32),
        > 0 => (uint)name.Length | ((ulong)name[0] << 8) | ((ulong)name[name.Length >> 1] << 16) | ((ulong)name[^1] << 24),
        _ => 0,
    };
}
