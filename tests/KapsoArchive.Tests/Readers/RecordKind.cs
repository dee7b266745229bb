using System.Text;
using System.Text.Json;

namespace KapsoArchive.Tests.Readers;

/// <summary>A kind of record that a reader of the lake may meet.</summary>
/// <param name="Name">What is odd about it, in words that a table of the documentation can hold.</param>
/// <param name="Id">Its id, which no other kind has.</param>
/// <param name="Record">As the source sends it; null for a message that the source no longer has.</param>
internal sealed record RecordKind(string Name, string Id, byte[]? Record)
{
    /// <summary>A message of which some members are as given, as JSON, and all others as usual.</summary>
    public static RecordKind With(string name, params (string Member, string Json)[] members)
    {
        string id = members.FirstOrDefault(member => member.Member == "id").Json is { } json ? Text(json) : name;
        List<(string Member, string Json)> all =
        [
            ("id", JsonSerializer.Serialize(name)),
            ("created_at", "\"2026-03-02T09:00:00Z\""),
            ("message_type", "\"text\""),
            ("content", "\"as usual\""),
            ("metadata", "{}"),
        ];
        foreach ((string Member, string Json) member in members)
        {
            int usual = all.FindIndex(m => m.Member == member.Member);
            if (usual < 0)
                all.Add(member);
            else
                all[usual] = member;
        }

        return new RecordKind(name, id, Encoding.UTF8.GetBytes($"{{{string.Join(",", all.Select(member => $"\"{member.Member}\":{member.Json}"))}}}"));
    }

    /// <summary>A message that JSON gives in whole.</summary>
    public static RecordKind Whole(string name, string id, string json) => new(name, id, Encoding.UTF8.GetBytes(json));

    public override string ToString() => Name;

    private static string Text(string json)
    {
        JsonElement id = JsonElement.Parse(json);
        return id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText();
    }
}
