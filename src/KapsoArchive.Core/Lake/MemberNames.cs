using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;

namespace KapsoArchive.Core.Lake;

/// <summary>Notices, while a record is read, that two members of one object may have the same name. It compares numbers made of the names, so it may be wrong, but never misses one.</summary>
internal sealed class MemberNames
{
    /// <summary>Beyond this, a comparison with each name before would take too long: the object is left to the closer look.</summary>
    private const int MostCompared = 1_000;

    private readonly int[] _firsts = new int[RecordFlattener.MaxDepth + 1];
    private ulong[] _keys = new ulong[64];
    private int _count;

    /// <summary>Whether a name may stand twice in an object, or may be one that the archive uses itself.</summary>
    public bool MayClash { get; private set; }

    public void Begin() => (_count, MayClash) = (0, false);

    /// <summary>Notes a member of the record itself that has no column.</summary>
    public void Add(ref Utf8JsonReader name)
    {
        MayClash |= name.ValueIsEscaped || ReservedNames.MayBe(name.ValueSpan);
        Add(first: 0, KeyOf(name.ValueSpan));
    }

    /// <summary>Goes to the end of the value under the reader.</summary>
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
        if (_count - first >= MostCompared)
        {
            MayClash = true;
            return;
        }

        MayClash |= _keys.AsSpan(first, _count - first).Contains(key);
        if (_count == _keys.Length)
            Array.Resize(ref _keys, _keys.Length * 2);
        _keys[_count++] = key;
    }

    private static ulong KeyOf(ReadOnlySpan<byte> name)
    {
        ulong length = (ulong)name.Length << 56;
        if (name.Length > 16)
            return XxHash3.HashToUInt64(name);
        if (name.Length >= 8)
            return length ^ (BinaryPrimitives.ReadUInt64LittleEndian(name) * 0x9E3779B97F4A7C15) ^ BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        ulong key = length;
        for (int i = 0; i < name.Length; i++)
            key |= (ulong)name[i] << (8 * i);
        return key;
    }
}
