namespace KapsoArchive.Core.Dispatch;

/// <summary>The URL to call when an export has ended: <c>callbacks/EXPORT_ID.json</c> of the state area. It is deleted once the receiver
/// has accepted the call, or after the last attempt.</summary>
/// <param name="Attempts">How many attempts have begun.</param>
/// <param name="NotBefore">When the next attempt is due; null for at the end of the export.</param>
internal sealed record PendingCallback(
    [property: JsonRequired] string ExportId, [property: JsonRequired] Uri Url, [property: JsonRequired] DateTimeOffset AcceptedAt,
    int Attempts, DateTimeOffset? NotBefore)
{
    public const string Folder = "callbacks/";

    public static StorePath PathOf(string exportId) => new(StoreArea.State, $"{Folder}{exportId}.json");

    /// <summary>Null if the document is damaged.</summary>
    public static PendingCallback? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CallbackJson.Default.PendingCallback);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CallbackJson.Default.PendingCallback);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PendingCallback))]
internal sealed partial class CallbackJson : JsonSerializerContext;
