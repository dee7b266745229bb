namespace KapsoArchive.Core.Lake;

/// <summary>An optional text value as UTF-8 bytes, usually a slice of its record, so that text reaches a column without being
/// copied.</summary>
public readonly struct Utf8Text : IEquatable<Utf8Text>, IComparable<Utf8Text>
{
    /// <summary>Random per process, so that texts cannot be crafted to collide.</summary>
    private static readonly long HashSeed = Random.Shared.NextInt64();

    private readonly byte[]? _bytes;
    private readonly int _offset;
    private readonly int _length;

    public Utf8Text(byte[] bytes, int offset, int length)
    {
        _bytes = bytes;
        _offset = offset;
        _length = length;
    }

    /// <summary>False for a missing value. The empty text is a value.</summary>
    public bool HasValue => _bytes is not null;

    public ReadOnlySpan<byte> Span => new(_bytes, _offset, _length);

    public ReadOnlyMemory<byte> Memory => new(_bytes, _offset, _length);

    /// <summary>A part of this text.</summary>
    internal Utf8Text Slice(int start, int length) => new(_bytes!, _offset + start, length);

    /// <summary>The UTF-8 form of <paramref name="text"/>; without a value for null.</summary>
    public static Utf8Text From(string? text) => text is null ? default : From(Encoding.UTF8.GetBytes(text));

    public static Utf8Text From(byte[] bytes) => new(bytes, 0, bytes.Length);

    /// <summary>Avoids a copy if the bytes are in an array.</summary>
    public static Utf8Text From(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Array is { } array
            ? new Utf8Text(array, segment.Offset, segment.Count)
            : From(bytes.ToArray());

    /// <summary>Orders by UTF-8 bytes, as Parquet and its readers do. A missing value comes first.</summary>
    public int CompareTo(Utf8Text other)
    {
        if (_bytes is null || other._bytes is null)
            return (_bytes is null ? 0 : 1) - (other._bytes is null ? 0 : 1);
        if (ReferenceEquals(_bytes, other._bytes) && _offset == other._offset && _length == other._length)
            return 0;
        return Span.SequenceCompareTo(other.Span);
    }

    public bool Equals(Utf8Text other) => HasValue == other.HasValue && Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is Utf8Text other && Equals(other);

    public override int GetHashCode() => (int)XxHash3.HashToUInt64(Span, HashSeed);

    public static bool operator ==(Utf8Text left, Utf8Text right) => left.Equals(right);

    public static bool operator <(Utf8Text left, Utf8Text right) => left.CompareTo(right) < 0;

    public static bool operator >(Utf8Text left, Utf8Text right) => left.CompareTo(right) > 0;

    public static bool operator <=(Utf8Text left, Utf8Text right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Utf8Text left, Utf8Text right) => left.CompareTo(right) >= 0;

    public static bool operator !=(Utf8Text left, Utf8Text right) => !left.Equals(right);

    public override string? ToString() => HasValue ? Encoding.UTF8.GetString(Span) : null;
}
