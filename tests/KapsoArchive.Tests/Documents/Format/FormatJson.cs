using System.Text.Json;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>Compares JSON documents with the members that the page lists.</summary>
internal static class FormatJson
{
    /// <summary>What is wrong with a document, and which members it has.</summary>
    /// <param name="document">What the page says.</param>
    /// <param name="json">One document.</param>
    /// <param name="schema">The schema version of the program that wrote it.</param>
    /// <param name="seen">Takes the members that occur.</param>
    public static IEnumerable<string> Check(FormatDocument document, ReadOnlyMemory<byte> json, int schema, ISet<string> seen)
    {
        using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return [.. Check(document, parsed.RootElement, "", schema, seen)];
    }

    private static IEnumerable<string> Check(FormatDocument document, JsonElement value, string path, int schema, ISet<string> seen)
    {
        HashSet<string> present = new(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string name = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            present.Add(name);
            FormatMember? member = document.Members.FirstOrDefault(m => m.Path == name);
            if (member is null)
            {
                if (path.Length > 0 || document.Members.All(m => m.Path != FormatMember.Others))
                    yield return $"{name} has no row";
                continue;
            }

            seen.Add(name);
            if (!member.Fits(property.Value))
                yield return $"{name} is {property.Value.ValueKind}, and the page says {member.Type}, null {member.Null}";
            if (member.Since > schema)
                yield return $"{name} is there at schema version {schema}, and the page says since {member.Since}";
            foreach (string fault in Below(document, member, property.Value, name, schema, seen))
                yield return fault;
        }

        foreach (FormatMember member in document.Members.Where(m => m.Parent == path && m.Path != FormatMember.Others && !m.IsOptional))
        {
            if (member.Since <= schema && !present.Contains(member.Path))
                yield return $"{member.Path} is missing";
        }
    }

    private static IEnumerable<string> Below(FormatDocument document, FormatMember member, JsonElement value, string name, int schema, ISet<string> seen) => value.ValueKind switch
    {
        JsonValueKind.Object when member.Type == "object" => Check(document, value, name, schema, seen),
        JsonValueKind.Array when member.Type == "list of object" => value.EnumerateArray().SelectMany(item => Check(document, item, $"{name}[]", schema, seen)),
        _ => [],
    };
}
