namespace KapsoArchive.Sandbox;

/// <summary>A message of a <see cref="MovingListing"/>.</summary>
/// <param name="Id">The message's key in the listing: the record's id, or an invented name if the record has no id.</param>
/// <param name="CreatedAt">The sort key.</param>
/// <param name="Record">Its JSON, as pages serve it.</param>
internal sealed record SandboxMessage(string Id, DateTimeOffset CreatedAt, ReadOnlyMemory<byte> Record)
{
    /// <summary>Whether the record is malformed (not an object, or without an id). It counts in <c>total_count</c> and never
    /// changes.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>A small well-formed message whose content is the number.</summary>
    public static SandboxMessage Make(string id, long number, DateTimeOffset createdAt) =>
        new(id, createdAt, SmallRecord.Make(id, number, createdAt, createdAt));

    /// <summary>Creates a message from any JSON. If the record has no id or created_at, the given values are used.</summary>
    /// <exception cref="JsonException">The record is not JSON.</exception>
    public static SandboxMessage Read(ReadOnlyMemory<byte> record, string otherwiseId, DateTimeOffset otherwiseCreatedAt)
    {
        using var document = JsonDocument.Parse(record);
        var json = document.RootElement;
        string? id = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id"u8, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (string.IsNullOrEmpty(id)) return new SandboxMessage(otherwiseId, otherwiseCreatedAt, record) { IsMalformed = true };
        bool dated = json.TryGetProperty("created_at"u8, out value) && value.ValueKind == JsonValueKind.String;
        return new SandboxMessage(id,
            dated && value.TryGetDateTimeOffset(out var createdAt) ? createdAt.ToUniversalTime() : otherwiseCreatedAt, record);
    }
}
