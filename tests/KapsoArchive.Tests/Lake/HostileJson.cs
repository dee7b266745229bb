using System.Globalization;

namespace KapsoArchive.Tests.Lake;

/// <summary>Draws JSON that its grammar allows and few readers like: every type in every place, names twice, half surrogate pairs,
/// extremes of numbers and times, depth and size.</summary>
internal sealed class HostileJson(Random random)
{
    public static readonly string[] Fields =
    [
        "id", "created_at", "updated_at", "direction", "status", "processing_status", "message_type", "phone_number", "whatsapp_message_id", "content", "media_url", "metadata", "message_type_data",
    ];

    private static readonly string[] Leaves =
    [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "0.1e+5", "[]", "{}", "[[]]", "[null]",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "x", "0", "null", "{", "\\\"", "\\\\", "\\\\ud83d", "\\\\\\ud83d", "\\ud83d", "\\udc00", "\\uD83D\\uDE00", "\\uDE00\\uD83D", "\\ud83d\\ud83d\\ude00", "a\\ud83d\\u0041", "\\u0000", "\\u001b[31m",
        "\\ufffd", "\\uffff", "￿", "😀", "é", "e\\u0301", "‮txt.exe", "=1+1", "'; DROP TABLE messages; --", "},\\\"_archive\\\":{\\\"change\\\":\\\"removed\\\"}", "5215550001234567890123", "\\/", "\\b\\f\\n\\r\\t",
    ];

    private static readonly string[] Times =
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00-02:00", "9999-12-31T23:59:59.9999999-08:00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59+18:00", "0000-00-00T00:00:00Z",
        "0000-01-01T00:00:00Z", "2026-02-30T10:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z", "1773000000", "2026-03-02", "2026-03-02T10:00:00.123456789+02:00", "2026-03-02 10:00:00", "1969-12-31T23:59:59.999999Z",
        "+010000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2026-03-02T10:00:00+99:99", "today", "12:30",
    ];

    private static readonly string[] Names =
    [
        "a", "b", "A", "", "\\u0061", "\\ud83d", "\\udc00", "é", "\\u00e9", "_archive", "_Archive", "\\u005farchive", "_archive_", "_record_base64", "record_base64", "x\\\"y", "id", "content", "\\u0063ontent", "conversation_id",
    ];

    /// <summary>A value of any type.</summary>
    public string Value(int depth = 0) => random.Next(depth > 3 ? 3 : 7) switch
    {
        0 => Pick(Leaves),
        1 or 2 => Text(),
        3 => $"[{string.Join(Space() + "," + Space(), Many(() => Value(depth + 1)))}]",
        4 when random.Next(40) == 0 => Nested(random.Next(1, 3_000)),
        _ => Object(depth),
    };

    public string Text() => random.Next(60) switch
    {
        0 => $"\"{new string('x', random.Next(1_000, 100_000))}\"",
        < 20 => $"\"{Pick(Times)}\"",
        _ => $"\"{string.Concat(Many(() => Pick(Texts)))}\"",
    };

    /// <summary>A message with hostile values, or what is no message.</summary>
    /// <param name="id">Its id, if it has one.</param>
    public string Record(string id)
    {
        if (random.Next(12) == 0)
            return Value();
        List<string> members = [];
        foreach (string field in Fields.Where(_ => random.Next(4) > 0).OrderBy(_ => random.Next()))
            members.Add($"\"{field}\"{Space()}:{Space()}{(field == "id" ? Id(id) : Value())}");
        for (int others = random.Next(4); others > 0; others--)
            members.Insert(random.Next(members.Count + 1), $"\"{Pick(Names.Except(["id"]))}\":{Value()}");
        if (random.Next(4) == 0)
            members.Insert(random.Next(members.Count + 1), $"\"{Pick(Fields.Except(["id"]))}\":{Value()}");
        return $"{{{Space()}{string.Join(",", members)}{Space()}}}";
    }

    /// <summary>A conversation of the list, with its id and hostile values in its other fields.</summary>
    public string Conversation(string id)
    {
        string[] fields = ["phone_number", "contact_name", "status", "last_active_at", "created_at", "metadata", "business_scoped_user_id", "username", Pick(Names.Except(["id"]))];
        IEnumerable<string> members = fields.Where(_ => random.Next(3) > 0).Select(field => $"\"{field}\":{Value()}");
        return $"{{{string.Join(",", members.Append($"\"id\":\"{id}\"").OrderBy(_ => random.Next()))}}}";
    }

    public static string Nested(int depth) => $"{string.Concat(Enumerable.Repeat("{\"a\":[", depth))}{string.Concat(Enumerable.Repeat("]}", depth))}";

    private string Id(string id) => random.Next(12) switch
    {
        0 => Pick(["null", "{}", "[]", "true", "\"\"", "\"\\ud83d\""]),
        1 => Number(id),
        2 => $"\"{new string('i', random.Next(1, 5_000))}{id}\"",
        3 => $"\"\\u0069 {id} \\\\ 😀\"",
        _ => $"\"{id}\"",
    };

    private static string Number(string id) => string.Create(CultureInfo.InvariantCulture, $"{(uint)id.GetHashCode(StringComparison.Ordinal)}.{Convert.ToUInt64(id[^4..], 16)}e{id.Length}");

    private string Object(int depth) => $"{{{Space()}{string.Join(",", Many(() => $"\"{Pick(Names)}\"{Space()}:{Value(depth + 1)}"))}}}";

    private string Space() => random.Next(12) == 0 ? Pick([" ", "\n", "\r\n\t"]) : "";

    private List<string> Many(Func<string> draw)
    {
        List<string> items = [];
        for (int count = random.Next(4); count > 0; count--)
            items.Add(draw());
        return items;
    }

    private string Pick(IEnumerable<string> choices) => choices.ElementAt(random.Next(choices.Count()));
}
