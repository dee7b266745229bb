namespace KapsoArchive.Core.Journal;

/// <summary>The request that was made with an operation id, so that a repeated request finds the export that the first one created:
/// <c>operations/HASH.json</c> of the state area.</summary>
/// <param name="RequestHash">SHA-256 of the request.</param>
internal sealed record OperationDocument(string ExportId, DateTimeOffset AcceptedAt, string RequestHash)
{
    public const string Folder = "operations/";

    public RunStamp Run => new(ExportId, AcceptedAt);

    /// <summary>Path of the document. The id comes from outside, so only its hash becomes a name.</summary>
    public static StorePath PathOf(string operationId) => new(StoreArea.State, $"{Folder}{Hash(Encoding.UTF8.GetBytes(operationId))}.json");

    private static bool IsUsual(ExportChoice choice) =>
        choice is { Source: ExportSource.Kapso, AllVersions: false, Contact: null, TakesAll: true, WithoutMedia: false };

    /// <summary>Equal for two equal requests, whatever the order in which they list their values.</summary>
    public static string HashOf(RunRequest request) => Hash(JsonSerializer.SerializeToUtf8Bytes(
        new OperationRequest(
            request.Conversations.Ids is { } ids ? [.. ids.Order(StringComparer.Ordinal)] : null,
            request.Range.From?.UtcDateTime,
            request.Range.To?.UtcDateTime,
            [.. request.Formats.Select(f => Layout.Names(f).Format).Order(StringComparer.Ordinal)])
        {
            Choice = IsUsual(request.Choice)
                ? null
                : request.Choice with
                {
                    Contact = request.Choice.Contact is { } contact ? new(contact.Text, [], [], []) : null,
                    Directions = request.Choice.Directions?.Order(StringComparer.Ordinal).ToArray(),
                    Types = request.Choice.Types?.Order(StringComparer.Ordinal).ToArray(),
                },
            Zip = request.Zip,
            Callback = request.Callback?.AbsoluteUri,
            TimeZone = request.TimeZone,
        },
        OperationJson.Default.OperationRequest));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, OperationJson.Default.OperationDocument);

    /// <exception cref="StoreException">It is damaged.</exception>
    public static OperationDocument FromJson(StorePath path, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OperationJson.Default.OperationDocument)
                is { ExportId: not null, RequestHash: not null } record
                ? record
                : throw new JsonException("Members are missing.");
        }
        catch (JsonException e)
        {
            throw new StoreException($"{path.Name} is damaged. It only records which export an Operation-Id made: delete it.", e);
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

internal sealed record OperationRequest(IReadOnlyList<string>? Conversations, DateTime? From, DateTime? To, IReadOnlyList<string> Formats)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExportChoice? Choice { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Zip { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Callback { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OperationDocument))]
[JsonSerializable(typeof(OperationRequest))]
internal sealed partial class OperationJson : JsonSerializerContext;
