namespace KapsoArchive.Sandbox.Moving;

/// <summary>A message and its rank, by which entries are sorted.</summary>
internal sealed class Entry(SandboxMessage message, long rank)
{
    public SandboxMessage Message { get; set; } = message;

    public long Rank { get; } = rank;
}
