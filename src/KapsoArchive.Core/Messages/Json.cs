namespace KapsoArchive.Core.Messages;

/// <summary>Reads text from JSON of unknown structure. A missing or unexpected value is null.</summary>
internal static class Json
{
    public static JsonElement Member(this JsonElement value, string name)
    {
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : default;
    }

    public static string? Text(this JsonElement value, string name) => value.Member(name).AsText();

    /// <summary>A string's value; the raw text of a number or truth value.</summary>
    public static string? AsText(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StringOf(value),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    public static bool IsTrue(this JsonElement value, string name) => value.Member(name).ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) =>
        value.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? StringOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText(); // An unpaired surrogate is valid JSON, but not valid text.
        }
    }
}
