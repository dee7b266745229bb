using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using KapsoArchive.Core.Archive;
using KapsoArchive.Core.Lake;
using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Journal;

/// <summary>
/// What was asked for under an operation id, so that a request which is sent again finds the export that the first one made: <c>operations/HASH.json</c> of the state area.
/// </summary>
/// <param name="RequestHash">SHA-256 of what was asked for.</param>
internal sealed record OperationRecord(string ExportId, DateTimeOffset AcceptedAt, string RequestHash)
{
    public const string Folder = "operations/";

    public RunStamp Run => new(ExportId, AcceptedAt);

    /// <summary>The id comes from outside: only its hash becomes a name.</summary>
    public static StorePath PathOf(string operationId) => new(StoreArea.State, $"{Folder}{Hash(Encoding.UTF8.GetBytes(operationId))}.json");

    /// <summary>The same for two requests that want the same, in whatever order they list it.</summary>
    public static string HashOf(RunRequest request) => Hash(JsonSerializer.SerializeToUtf8Bytes(
        new OperationRequest(
            request.Conversations.Ids is { } ids ? [.. ids.Order(StringComparer.Ordinal)] : null,
            request.Range.From?.UtcDateTime,
            request.Range.To?.UtcDateTime,
            [.. request.Formats.Select(f => Layout.Names(f).Format).Order(StringComparer.Ordinal)]),
        OperationJson.Default.OperationRequest));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, OperationJson.Default.OperationRecord);

    /// <exception cref="StoreException">It is damaged.</exception>
    public static OperationRecord FromJson(StorePath path, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OperationJson.Default.OperationRecord) is { ExportId: not null, RequestHash: not null } record ? record : throw new JsonException("Members are missing.");
        }
        catch (JsonException e)
        {
            throw new StoreException($"{path.Name} is damaged. It only tells which export an Operation-Id made: delete it.", e);
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

internal sealed record OperationRequest(IReadOnlyList<string>? Conversations, DateTime? From, DateTime? To, IReadOnlyList<string> Formats);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OperationRecord))]
[JsonSerializable(typeof(OperationRequest))]
internal sealed partial class OperationJson : JsonSerializerContext;
