namespace KapsoArchive.Core.Lake.Records;

/// <summary>The remaining members of the list's entry as strict JSON. If it had to be repaired, the original is added in Base64.</summary>
internal static class ConversationExtra
{
    /// <param name="json">A JSON object; null if empty.</param>
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
            return $"{{{original}"; // It is nested deeper than a column allows.
        }
    }
}
