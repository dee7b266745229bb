using KapsoArchive.Core.Storage;

namespace KapsoArchive.Core.Archive;

/// <summary>The lock of a whole archive: held by whoever writes it, and by whoever must see it stand still.</summary>
public static class ArchiveLock
{
    /// <summary>Held for a moment, while it is settled which run comes next.</summary>
    internal const string Start = "the start of an archive run";

    internal const string Verification = "a verification";

    public static readonly StorePath Path = new(StoreArea.State, "lock");

    internal static string Run(string trigger) => $"an archive run started by {trigger}";
}
