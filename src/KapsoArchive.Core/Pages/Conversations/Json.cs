using System.Globalization;
using System.Text.Json;

namespace KapsoArchive.Core.Pages.Conversations;

/// <summary>Takes texts out of JSON whose shape nobody vouches for: what is not there, or is something else, is null.</summary>
internal static class Json
{
    public static JsonElement Member(this JsonElement value, string name)
    {
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : default;
    }

    public static string? Text(this JsonElement value, string name) => value.Member(name).AsText();

    /// <summary>A string as it is, a number or truth value as it is written.</summary>
    public static string? AsText(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StringOf(value),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) =>
        value.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static double? Number(this JsonElement value, string name) =>
        double.TryParse(value.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static string? StringOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText(); // Half a surrogate pair is JSON, but no text.
        }
    }
}
