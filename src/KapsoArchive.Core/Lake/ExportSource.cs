namespace KapsoArchive.Core.Lake;

/// <summary>Where the messages of an export, or of one of its conversations, come from.</summary>
public enum ExportSource
{
    Kapso,

    Archive,

    Both,
}
