using System.Text.Json;

namespace KapsoArchive.Sandbox.Http;

/// <summary>A message to insert: a record as it is, a position, a created_at, or nothing of these for a newest message.</summary>
internal sealed record NewMessage
{
    public int? Position { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public JsonElement? Record { get; init; }

    public string? FindProblem()
    {
        if (Position is < 0) return $"position must be 0 or more; it is {Position}.";
        int given = (Position is null ? 0 : 1) + (CreatedAt is null ? 0 : 1) + (Record is null ? 0 : 1);
        return given > 1 ? "Give one of position, created_at and record, or none of them." : null;
    }
}
