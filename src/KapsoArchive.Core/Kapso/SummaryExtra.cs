namespace KapsoArchive.Core.Kapso;

/// <summary>Collects members of a conversation's record by position and builds one JSON object from them. If a name occurs twice, the last
/// value counts.</summary>
internal ref struct SummaryExtra(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private List<(string Name, Range Member)>? _members;
    private ReadOnlySpan<byte> _name;
    private int _start;

    /// <summary>Call at the start of a member, with the reader on its name.</summary>
    public void Begin(ref Utf8JsonReader reader)
    {
        _start = (int)reader.TokenStartIndex;
        _name = reader.ValueSpan;
    }

    /// <summary>Call at the end of the member, with the reader past its value.</summary>
    /// <param name="isKeptElsewhere">Whether a property holds the value.</param>
    public void End(ref Utf8JsonReader reader, bool isKeptElsewhere)
    {
        if (_members is null && isKeptElsewhere)
            return;
        string name = Encoding.UTF8.GetString(_name);
        _members?.RemoveAll(m => m.Name == name);
        if (!isKeptElsewhere)
            (_members ??= []).Add((name, _start..(int)reader.BytesConsumed));
    }

    public readonly string? ToJson()
    {
        if (_members is null || _members.Count == 0)
            return null;
        var json = new StringBuilder("{");
        foreach ((_, Range member) in _members)
            json.Append(json.Length > 1 ? "," : "").Append(Encoding.UTF8.GetString(_record[member]));
        return json.Append('}').ToString();
    }
}
