namespace KapsoArchive.Core.Lake.Parquet;

/// <summary>The minimum and maximum text of a column chunk in Parquet's order for STRING: unsigned UTF-8 bytes. A long bound is cut to <see
/// cref="MaxLength"/> bytes. A cut upper bound is then increased, so that it stays a bound and valid UTF-8.</summary>
internal struct TextBounds
{
    /// <summary>In bytes. This keeps footers small, and 64 bytes distinguish real values.</summary>
    public const int MaxLength = 64;

    private Utf8Text _min;
    private Utf8Text _max;

    public void Add(Utf8Text value)
    {
        if (!_min.HasValue)
            _min = _max = value;
        else if (value < _min)
            _min = value;
        else if (value > _max)
            _max = value;
    }

    /// <summary>Null without values.</summary>
    public readonly byte[]? Lower(out bool exact)
    {
        exact = _min.Span.Length <= MaxLength;
        return _min.HasValue ? Cut(_min.Span).ToArray() : null;
    }

    /// <summary>Null without values, or if no text is greater than all texts with the same beginning.</summary>
    public readonly byte[]? Upper(out bool exact)
    {
        exact = _max.Span.Length <= MaxLength;
        if (!_max.HasValue)
            return null;
        return exact ? _max.Span.ToArray() : Raise(Cut(_max.Span));
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxLength)
            return text;
        int end = MaxLength;
        while ((text[end] & 0xC0) == 0x80)
            end--;
        return text[..end];
    }

    /// <summary>
    /// The smallest text, in whole characters, that is greater than every text that begins with <paramref name="prefix"/>.
    /// </summary>
    private static byte[]? Raise(ReadOnlySpan<byte> prefix)
    {
        Span<byte> raised = stackalloc byte[MaxLength + 4];
        while (Rune.DecodeLastFromUtf8(prefix, out Rune last, out int length) == OperationStatus.Done)
        {
            prefix = prefix[..^length];
            int next = last.Value == 0xD7FF ? 0xE000 : last.Value + 1;
            if (!Rune.IsValid(next))
                continue;
            prefix.CopyTo(raised);
            return raised[..(prefix.Length + new Rune(next).EncodeToUtf8(raised[prefix.Length..]))].ToArray();
        }

        return null;
    }
}
