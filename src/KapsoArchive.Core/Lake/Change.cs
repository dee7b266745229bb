namespace KapsoArchive.Core.Lake;

/// <summary>What a row says of its message, against what was archived before.</summary>
public enum Change
{
    Added,
    Changed,
    Removed,
}
