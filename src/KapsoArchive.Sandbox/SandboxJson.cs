using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace KapsoArchive.Sandbox;

/// <summary>Reads options from JSON in snake_case. Unknown members and values out of range are refused with a message.</summary>
internal static class SandboxJson
{
    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, SnakeCase);

    /// <param name="json">A JSON object. Absent members have their defaults.</param>
    /// <param name="problemOf">Describes the first problem of the options; null if they are valid.</param>
    /// <exception cref="FormatException">The message is for the user.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<T, string?> problemOf)
        where T : class
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(json.Span);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"That is not JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}).", broken);
        }
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException("A JSON object is expected.");
        CheckNames<T>(root);
        T options = Convert<T>(root);
        return problemOf(options) is { } problem ? throw new FormatException(problem) : options;
    }

    private static void CheckNames<T>(JsonElement root)
    {
        var names = SnakeCase.GetTypeInfo(typeof(T)).Properties.Select(property => property.Name).ToList();
        foreach (var member in root.EnumerateObject())
        {
            if (!names.Contains(member.Name, StringComparer.Ordinal))
                throw new FormatException($"There is no member {member.Name}; there are {string.Join(", ", names)}.");
        }
    }

    private static T Convert<T>(JsonElement root)
    {
        try
        {
            return root.Deserialize<T>(SnakeCase)!;
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"The value of {wrong.Path?.TrimStart('$', '.')} cannot be read.", wrong);
        }
    }
}
