using System.Text;
using System.Text.Json;

namespace KapsoArchive.Core.Kapso;

/// <summary>Collects members of a conversation's record by their place in it, and makes one JSON object of them. Of a name that stands in
/// the record twice the last counts.</summary>
internal ref struct SummaryExtra(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private List<(string Name, Range Member)>? _members;
    private ReadOnlySpan<byte> _name;
    private int _start;

    /// <summary>A member begins: its name is under the reader.</summary>
    public void Begin(ref Utf8JsonReader reader)
    {
        _start = (int)reader.TokenStartIndex;
        _name = reader.ValueSpan;
    }

    /// <summary>It has ended: the reader has passed its value.</summary>
    /// <param name="isKeptElsewhere">Whether a property has the value.</param>
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
