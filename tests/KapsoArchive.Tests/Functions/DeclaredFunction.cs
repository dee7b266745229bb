using System.Text.Json.Nodes;

namespace KapsoArchive.Tests.Functions;

/// <summary>A function in one line: its name and its bindings.</summary>
internal static class DeclaredFunction
{
    // What says nothing of what the function does.
    private static readonly string[] Noise = ["name", "direction", "type", "dataType", "properties"];

    /// <param name="bindings">Each as the worker or <c>functions.metadata</c> has it.</param>
    public static string Line(string name, IEnumerable<string> bindings) =>
        $"{name}: {string.Join("; ", bindings.Select(b => JsonNode.Parse(b)!.AsObject()).Select(Words))}";

    private static string Words(JsonObject binding)
    {
        string type = (string)binding["type"]!;
        if (type == "http")
            return "answers";
        IEnumerable<string> properties = binding.Where(p => !Noise.Contains(p.Key) && p.Value is not null)
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => $"{p.Key}={(p.Value is JsonArray several ? string.Join(',', several.Select(v => v!.ToString())) : p.Value!.ToString())}");
        return $"{type} {string.Join(' ', properties)}";
    }
}
