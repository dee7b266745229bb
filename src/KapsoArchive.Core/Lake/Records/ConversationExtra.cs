using System.Text;
using System.Text.Json;

namespace KapsoArchive.Core.Lake.Records;

/// <summary>What the list of conversations says besides, as the strictest reader of JSON takes it: repaired where it has to be, with the
/// text as it was beside it in Base64.</summary>
internal static class ConversationExtra
{
    /// <param name="json">A JSON object; null for nothing.</param>
    public static string? Of(string? json)
    {
        if (json is null)
            return null;
        byte[] text = Encoding.UTF8.GetBytes(json);
        string original = $"\"_record_base64\":\"{Convert.ToBase64String(text)}\"}}";
        try
        {
            return RecordRepair.Repair(text) is { } repaired ? $"{Encoding.UTF8.GetString(repaired)[..^1]},{original}" : json;
        }
        catch (JsonException)
        {
            return $"{{{original}"; // It nests deeper than a column may.
        }
    }
}
