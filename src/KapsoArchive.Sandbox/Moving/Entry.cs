namespace KapsoArchive.Sandbox.Moving;

/// <summary>A message at its place: entries are sorted by rank.</summary>
internal sealed class Entry(SandboxMessage message, long rank)
{
    public SandboxMessage Message { get; set; } = message;

    public long Rank { get; } = rank;
}
