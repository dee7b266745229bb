namespace KapsoArchive.Core.Lake.Records;

/// <summary>Makes JSON valid for strict readers. An unpaired surrogate becomes <c>\ufffd</c>. Of an object's members with the same name,
/// the last stays. A top-level member with one of the <see cref="ReservedNames"/> gets underscores appended until its name is unique.
/// Everything else stays unchanged, including numbers and nesting.</summary>
internal static class RecordRepair
{
    /// <param name="json">Valid UTF-8 and grammatical JSON, nested at most <see cref="RecordFlattener.MaxDepth"/> deep.</param>
    /// <returns>Null if it is valid already.</returns>
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

        foreach (int member in dropped) // Never the last member of its object: one of the same name follows.
            edits.Add(new Edit(members[member].Start, members[member + 1].Start - members[member].Start, Underscores: 0));
        if (isOutermost)
            Rename(lasts, members, edits);
    }

    private static void Rename(Dictionary<Utf8Text, int> lasts, List<(int Start, int NameEnd)> members, List<Edit> edits)
    {
        HashSet<string> names = new(lasts.Keys.Select(n => n.ToString()!), StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int member) in lasts.Select(l => (l.Key.ToString()!, l.Value)).Where(l => ReservedNames.Has(l.Item1))
            .OrderBy(l => l.Value))
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
                continue; // Within a removed member.
            output.Write(text.AsSpan(copied..edit.At));
            output.Write(Encoding.UTF8.GetBytes(new string('_', edit.Underscores)));
            copied = edit.At + edit.Length;
        }

        output.Write(text.AsSpan(copied));
        return output.ToArray();
    }

    /// <summary>Bytes to remove at a position, and underscores to insert.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Edit(int At, int Length, int Underscores);
}
