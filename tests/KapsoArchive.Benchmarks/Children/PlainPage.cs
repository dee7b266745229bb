using System.Text.Json;

namespace KapsoArchive.Benchmarks.Children;

/// <summary>A page of messages as a DTO.</summary>
internal sealed record PlainPage(List<PlainMessage> Data, PlainMeta Meta);

internal sealed record PlainMeta(int TotalPages);

/// <summary>A message as a DTO.</summary>
internal sealed record PlainMessage(
    string Id, string? PhoneNumber, string? MessageType, string? Content, string? Direction, string? Status, string? ProcessingStatus, string? WhatsappMessageId, JsonElement? Metadata,
    string? MediaUrl, JsonElement? MessageTypeData, DateTime? CreatedAt, DateTime? UpdatedAt);
