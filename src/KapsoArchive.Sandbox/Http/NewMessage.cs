namespace KapsoArchive.Sandbox.Http;

/// <summary>A message to insert: given as a record, by position or by created_at; if none of these is given, it becomes the
/// newest.</summary>
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
