using System.Text.Json;
using System.Text.Json.Nodes;

namespace KapsoArchive.Tests.Infra;

/// <summary>A resource that a deployment would create, as the Bicep command line predicts it.</summary>
public sealed record PredictedResource(JsonObject Json)
{
    public string Id { get; } = Json["id"]!.GetValue<string>();

    public string Type { get; } = Json["type"]!.GetValue<string>();

    public string Name { get; } = Json["name"]!.GetValue<string>();

    /// <summary>The id of what an extension resource (a role assignment, a diagnostic setting, a lock) is laid upon.</summary>
    public string Scope => Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];

    /// <summary>The value at a path such as <c>properties.siteConfig.minTlsVersion</c>, as text; null where there is none.</summary>
    public string? Text(string path) => At(path) switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        { } node => node.ToJsonString(),
        null => null,
    };

    public IReadOnlyList<JsonNode> List(string path) => At(path) is JsonArray array ? [.. array.Select(node => node!)] : [];

    public override string ToString() => $"{Type} {Name}";

    private JsonNode? At(string path) => path.Split('.').Aggregate((JsonNode?)Json, (node, name) => (node as JsonObject)?[name]);
}
