namespace KapsoArchive.Core.Lake;

/// <summary>How a message changed since it was archived last.</summary>
public enum Change
{
    Added,
    Changed,
    Removed,
}
