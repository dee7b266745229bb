using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace KapsoArchive.Core.Lake.Records;

/// <summary>
/// Makes JSON that strict readers refuse valid for them. Half a surrogate pair becomes <c>\ufffd</c>; of the members of one object with
/// one name the last stays; a member of the outermost object with one
/// of <see cref="ReservedNames"/> gets underscores at its end until no other has that name. All else stays as it is, numbers and depth too.
/// </summary>
internal static class RecordRepair
{
    /// <param name="json">Valid UTF-8, and JSON by its grammar, nested at most <see cref="RecordFlattener.MaxDepth"/> deep.</param>
    /// <returns>Null if it is valid as it is.</returns>
    public static byte[]? Repair(ReadOnlySpan<byte> json)
    {
        byte[] text = json.ToArray();
        JsonText.ReplaceHalfPairs(text);
        List<Edit> edits = [];
        var reader = new Utf8JsonReader(text, RecordFlattener.ReaderOptions);
        reader.Read();
        FindEdits(ref reader, isOutermost: true, edits);
        byte[] repaired = edits.Count == 0 ? text : Apply(text, edits);
        return json.SequenceEqual(repaired) ? null : repaired;
    }

    private static void FindEdits(ref Utf8JsonReader reader, bool isOutermost, List<Edit> edits)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            FindInObject(ref reader, isOutermost, edits);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                FindEdits(ref reader, isOutermost: false, edits);
        }
    }

    private static void FindInObject(ref Utf8JsonReader reader, bool isOutermost, List<Edit> edits)
    {
        Dictionary<Utf8Text, int> lasts = [];
        List<(int Start, int NameEnd)> members = [];
        List<int> dropped = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Utf8Text.From(reader.ValueIsEscaped ? JsonText.Unescape(reader.ValueSpan, out _) : reader.ValueSpan.ToArray());
            if (lasts.TryGetValue(name, out int earlier))
                dropped.Add(earlier);
            lasts[name] = members.Count;
            int start = (int)reader.TokenStartIndex;
            members.Add((start, start + 1 + reader.ValueSpan.Length));
            reader.Read();
            FindEdits(ref reader, isOutermost: false, edits);
        }

        foreach (int member in dropped) // Never the last of its object: one with the same name follows.
            edits.Add(new Edit(members[member].Start, members[member + 1].Start - members[member].Start, Underscores: 0));
        if (isOutermost)
            Rename(lasts, members, edits);
    }

    private static void Rename(Dictionary<Utf8Text, int> lasts, List<(int Start, int NameEnd)> members, List<Edit> edits)
    {
        HashSet<string> names = new(lasts.Keys.Select(n => n.ToString()!), StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int member) in lasts.Select(l => (l.Key.ToString()!, l.Value)).Where(l => ReservedNames.Has(l.Item1)).OrderBy(l => l.Value))
        {
            int underscores = 1;
            while (!names.Add(name + new string('_', underscores)))
                underscores++;
            edits.Add(new Edit(members[member].NameEnd, Length: 0, underscores));
        }
    }

    private static byte[] Apply(byte[] text, List<Edit> edits)
    {
        using var output = new MemoryStream(text.Length + edits.Count);
        int copied = 0;
        foreach (Edit edit in edits.OrderBy(e => e.At).ThenByDescending(e => e.Length))
        {
            if (edit.At < copied)
                continue; // Within a member that is gone.
            output.Write(text.AsSpan(copied..edit.At));
            output.Write(Encoding.UTF8.GetBytes(new string('_', edit.Underscores)));
            copied = edit.At + edit.Length;
        }

        output.Write(text.AsSpan(copied));
        return output.ToArray();
    }

    /// <summary>Bytes to leave out at a place, and underscores to put in.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Edit(int At, int Length, int Underscores);
}
