namespace KapsoArchive.Core.Lake.Records;

/// <summary>Collects members of a record by position and writes them as one JSON object with their original bytes.</summary>
internal struct ExtraMembers(Utf8Text record)
{
    private List<Range>? _members;

    public void Add(Range member) => (_members ??= []).Add(member);

    public readonly Utf8Text ToJson()
    {
        if (_members is null)
            return default;
        int length = 1;
        foreach (Range member in _members)
            length += record.Span[member].Length + 1;

        byte[] json = new byte[length];
        int position = 0;
        foreach (Range member in _members)
        {
            json[position] = (byte)(position == 0 ? '{' : ',');
            ReadOnlySpan<byte> bytes = record.Span[member];
            bytes.CopyTo(json.AsSpan(position + 1));
            position += bytes.Length + 1;
        }

        json[position] = (byte)'}';
        return Utf8Text.From(json);
    }
}
